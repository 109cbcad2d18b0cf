import { describe, expect, test } from 'vitest'
import { cursor, type StorageWorld } from './world.ts'

export function cursorsContract(world: StorageWorld): void {
  describe('cursors', () => {
    test('never move back: by offset within an epoch, by time over epochs', async () => {
      const early = { offset: 9, epoch: 'f', at: 49 }
      const later = { offset: 1, epoch: 'f', at: 51 }
      expect(await world.one.cursors.read('ann', 'c', cursor(5))).toEqual({
        advanced: true,
        cursor: cursor(5),
      })
      expect(await world.other.cursors.read('ann', 'c', cursor(3))).toEqual({
        advanced: false,
        cursor: cursor(5),
      })
      expect(await world.other.cursors.read('ann', 'c', cursor(5))).toEqual({
        advanced: false,
        cursor: cursor(5),
      })
      expect(await world.other.cursors.read('ann', 'c', early)).toEqual({
        advanced: false,
        cursor: cursor(5),
      })
      expect(await world.other.cursors.read('ann', 'c', later)).toEqual({ advanced: true, cursor: later })
      expect(await world.one.cursors.of('ann', ['c', 'd'])).toEqual([{ read: later }, {}])
    })

    test('the delivered cursor is the furthest of all devices', async () => {
      expect(await world.one.cursors.deliver('ann', 'phone', 'c', cursor(5))).toMatchObject({
        advanced: true,
      })
      expect(await world.one.cursors.deliver('ann', 'desk', 'c', cursor(3))).toEqual({
        advanced: false,
        cursor: cursor(5),
      })
      expect(await world.one.cursors.deliver('ann', 'desk', 'c', cursor(6))).toMatchObject({ advanced: true })
      expect(await world.other.cursors.of('ann', ['c'])).toEqual([{ delivered: cursor(6) }])
    })
  })
}
