import { describe, expect, test } from 'vitest'
import type { StorageWorld } from './world.ts'

export function amendmentsContract(world: StorageWorld): void {
  describe('amendments', () => {
    const state = (version: number) => ({ version, state: `{"v":${version}}` })

    test('are written only over the expected version', async () => {
      expect(await world.one.amendments.write('c', 3, state(1), 0, 60)).toBe(true)
      expect(await world.other.amendments.write('c', 3, state(1), 0, 60)).toBe(false)
      expect(await world.other.amendments.write('c', 3, state(2), 1, 60)).toBe(true)
      expect(await world.one.amendments.read('c', [2, 3])).toEqual([undefined, state(2)])
    })

    test('are trimmed by offset', async () => {
      for (const offset of [1, 9, 10, 100]) await world.one.amendments.write('c', offset, state(1), 0, 60)
      await world.one.amendments.trim('c', 10)
      const kept = await world.one.amendments.read('c', [1, 9, 10, 100])
      expect(kept.map((record) => record !== undefined)).toEqual([false, false, true, true])
    })

    test('expire unless they are kept', async () => {
      await world.one.amendments.write('c', 1, state(1), 0, 1)
      await world.one.amendments.keep('c', 60)
      await world.elapse(1100)
      expect(await world.one.amendments.read('c', [1])).toEqual([state(1)])
    })

    test('return an empty list for no offsets', async () => {
      expect(await world.one.amendments.read('c', [])).toEqual([])
    })
  })
}
