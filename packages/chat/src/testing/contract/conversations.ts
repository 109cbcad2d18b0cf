import { describe, expect, test } from 'vitest'
import type { StorageWorld } from './world.ts'

export function conversationsContract(world: StorageWorld): void {
  describe('conversations', () => {
    test('rooms of a user have a limit', async () => {
      expect(await world.one.conversations.addRoom('ann', 'r1', 1)).toBe(true)
      expect(await world.one.conversations.addRoom('ann', 'r1', 1)).toBe(true)
      expect(await world.one.conversations.addRoom('ann', 'r2', 1)).toBe(false)
      await world.one.conversations.removeRoom('ann', 'r1')
      expect(await world.other.conversations.of('ann')).toEqual({ rooms: [], directs: [] })
    })

    test('direct conversations are listed latest first, the oldest are evicted, times never decrease', async () => {
      await world.one.conversations.touchDirect('ann', 'bob', 1, 2)
      await world.one.conversations.touchDirect('ann', 'cy', 2, 2)
      await world.one.conversations.touchDirect('ann', 'dan', 3, 2)
      await world.one.conversations.touchDirect('ann', 'dan', 1, 2)
      expect((await world.other.conversations.of('ann')).directs).toEqual(['dan', 'cy'])
    })

    test('the time of a conversation never decreases', async () => {
      await world.one.conversations.touch('c', 9, 60)
      await world.one.conversations.touch('c', 7, 60)
      expect(await world.other.conversations.touched(['c', 'none'])).toEqual([9, undefined])
      expect(await world.other.conversations.touched([])).toEqual([])
    })

    test('flags are set one by one', async () => {
      expect(await world.one.conversations.setFlags('ann', 'c', { muted: true })).toEqual({
        muted: true,
        pinned: false,
      })
      expect(await world.other.conversations.setFlags('ann', 'c', { pinned: true })).toEqual({
        muted: true,
        pinned: true,
      })
      expect(await world.one.conversations.setFlags('ann', 'c', { muted: false })).toEqual({
        muted: false,
        pinned: true,
      })
      expect(await world.one.conversations.flags('ann', ['c', 'd'])).toEqual([
        { muted: false, pinned: true },
        { muted: false, pinned: false },
      ])
    })
  })
}
