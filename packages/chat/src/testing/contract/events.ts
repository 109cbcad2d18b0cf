import { describe, expect, test } from 'vitest'
import type { StorageWorld } from './world.ts'

export function eventsContract(world: StorageWorld): void {
  describe('events', () => {
    test('reach every group from its opening on, each event to one consumer of a group', async () => {
      await world.one.events.append('0')
      await world.one.events.open('g')
      await world.one.events.open('h')
      await world.one.events.open('g')
      await world.one.events.append('1')
      await world.other.events.append('2')
      const first = await world.one.events.read('g', 'x', 1)
      const second = await world.other.events.read('g', 'y', 9)
      expect([...first, ...second].map(({ text }) => text)).toEqual(['1', '2'])
      expect((await world.one.events.read('h', 'x', 9)).map(({ text }) => text)).toEqual(['1', '2'])
      expect(await world.one.events.read('g', 'x', 9)).toEqual([])
    })

    test('stay pending until they are acknowledged, and one consumer claims them', async () => {
      await world.one.events.open('g')
      await world.one.events.append('1')
      await world.one.events.append('2')
      const [a, b] = await world.one.events.read('g', 'x', 9)
      await world.one.events.ack('g', b?.id ?? '')
      await world.elapse(120)
      expect(await world.other.events.pending('g', 100, 9)).toMatchObject([{ id: a?.id, deliveries: 1 }])
      expect(await world.other.events.pending('g', 60_000, 9)).toEqual([])
      const both = await Promise.all([
        world.one.events.claim('g', 'x', a?.id ?? '', 100),
        world.other.events.claim('g', 'y', a?.id ?? '', 100),
      ])
      expect(both.filter((entry) => entry !== undefined)).toEqual([a])
      expect(await world.one.events.pending('g', 0, 9)).toMatchObject([{ id: a?.id, deliveries: 2 }])
      await world.one.events.ack('g', a?.id ?? '')
      expect(await world.other.events.pending('g', 0, 9)).toEqual([])
    })

    test('report the backlog of a group', async () => {
      expect(await world.one.events.behind('g')).toBeUndefined()
      await world.one.events.append('before')
      await world.one.events.open('g')
      expect(await world.one.events.behind('g')).toEqual({ waiting: 0, pending: 0 })
      for (const text of ['1', '2', '3']) await world.one.events.append(text)
      const [first] = await world.one.events.read('g', 'x', 2)
      await world.other.events.ack('g', first?.id ?? '')
      expect(await world.other.events.behind('g')).toEqual({ waiting: 1, pending: 1 })
      expect(await world.other.events.behind('nobody')).toBeUndefined()
    })
  })
}
