import { describe, expect, test } from 'vitest'
import type { StorageWorld } from './world.ts'

export function ledgerContract(world: StorageWorld): void {
  describe('ledger', () => {
    test('keeps the first reservation and its result for all nodes', async () => {
      expect(await world.one.ledger.reserve('k', { id: 'a', at: 1 }, 60)).toEqual({
        id: 'a',
        at: 1,
        known: false,
      })
      expect(await world.other.ledger.reserve('k', { id: 'b', at: 2 }, 60)).toEqual({
        id: 'a',
        at: 1,
        known: true,
      })
      await world.other.ledger.settle('k', '{"x":1}')
      expect(await world.one.ledger.reserve('k', { id: 'c', at: 3 }, 60)).toEqual({
        id: 'a',
        at: 1,
        result: '{"x":1}',
        known: true,
      })
    })

    test('expires', async () => {
      await world.one.ledger.reserve('k', { id: 'a', at: 1 }, 1)
      await world.one.ledger.settle('k', '1')
      await world.elapse(1100)
      expect(await world.one.ledger.reserve('k', { id: 'b', at: 2 }, 1)).toEqual({
        id: 'b',
        at: 2,
        known: false,
      })
    })

    test('ignores the result of a missing reservation', async () => {
      await world.one.ledger.settle('k', '1')
      expect(await world.one.ledger.reserve('k', { id: 'a', at: 1 }, 60)).toEqual({
        id: 'a',
        at: 1,
        known: false,
      })
    })
  })
}
