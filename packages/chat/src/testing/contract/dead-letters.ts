import { expect, test } from 'vitest'
import type { StorageWorld } from './world.ts'

export function deadLettersContract(world: StorageWorld): void {
  test('dead letters are kept once each and listed oldest first, in pages', async () => {
    expect(await world.one.deadLetters.add('a', 'A')).toBe(true)
    expect(await world.other.deadLetters.add('a', 'again')).toBe(false)
    await world.one.deadLetters.add('b', 'B')
    const first = await world.one.deadLetters.list({ limit: 1 })
    const second = await world.one.deadLetters.list({ limit: 9, cursor: first.cursor })
    expect([...first.items, ...second.items].map(({ text }) => text)).toEqual(['A', 'B'])
    const id = first.items[0]?.id ?? ''
    expect(await world.other.deadLetters.get(id)).toBe('A')
    expect(await world.other.deadLetters.remove(id)).toBe(true)
    expect(await world.other.deadLetters.remove(id)).toBe(false)
    expect(await world.other.deadLetters.get(id)).toBeUndefined()
  })
}
