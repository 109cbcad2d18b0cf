import { describe, expect, test } from 'vitest'
import type { StorageWorld } from './world.ts'

export function tasksContract(world: StorageWorld): void {
  describe('tasks', () => {
    test('are taken when due by one node, and again after the lease', async () => {
      await world.one.tasks.put('a', 10, '"A"')
      await world.one.tasks.put('b', 20, '"B"')
      expect(await world.one.tasks.take(9, 5, 10)).toEqual([])
      const both = await Promise.all([world.one.tasks.take(10, 5, 10), world.other.tasks.take(10, 5, 10)])
      expect(both.flat()).toEqual([{ id: 'a', payload: '"A"', attempts: 1 }])
      expect(await world.other.tasks.take(15, 5, 10)).toEqual([{ id: 'a', payload: '"A"', attempts: 2 }])
      await world.other.tasks.remove('a')
      expect(await world.one.tasks.take(100, 5, 10)).toEqual([{ id: 'b', payload: '"B"', attempts: 1 }])
    })

    test('keep their payload and take the new time when they are put again', async () => {
      await world.one.tasks.put('a', 10, '"first"')
      await world.one.tasks.put('a', 50, '"second"')
      expect(await world.one.tasks.take(40, 5, 10)).toEqual([])
      expect(await world.one.tasks.take(50, 5, 10)).toEqual([{ id: 'a', payload: '"first"', attempts: 1 }])
    })

    test('are taken in the order of their times, up to the limit', async () => {
      for (const [id, at] of [
        ['c', 3],
        ['a', 1],
        ['b', 2],
      ] as const)
        await world.one.tasks.put(id, at, id)
      expect((await world.one.tasks.take(9, 5, 2)).map(({ id }) => id)).toEqual(['a', 'b'])
    })
  })
}
