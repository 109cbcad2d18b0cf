import { expect, test } from 'vitest'
import type { ChatStorage } from '../../ports.ts'
import type { StorageWorld } from './world.ts'

export function ratesContract(world: StorageWorld): void {
  test('rates permit a burst, then a steady rate, shared by all nodes', async () => {
    const take = (storage: ChatStorage, now: number) => storage.rates.take('k', 3, 2, now)
    expect([await take(world.one, 1000), await take(world.other, 1000), await take(world.one, 1000)]).toEqual(
      [0, 0, 0],
    )
    expect(await take(world.other, 1000)).toBe(500)
    expect(await take(world.other, 1250)).toBe(250)
    expect(await take(world.one, 1500)).toBe(0)
    expect(await take(world.one, 1500)).toBe(500)
  })
}
