import { describe, expect, test } from 'vitest'
import type { StorageWorld } from './world.ts'

export function peopleContract(world: StorageWorld): void {
  describe('people', () => {
    test('a record is written only over the expected revision', async () => {
      const person = { status: 'online', at: 1, rev: 1 } as const
      expect(await world.one.people.setPerson('ann', person, 0)).toBe(true)
      expect(await world.other.people.setPerson('ann', person, 0)).toBe(false)
      expect(
        await world.other.people.setPerson('ann', { status: 'offline', at: 2, rev: 2, lastSeen: 2 }, 1),
      ).toBe(true)
      expect(await world.one.people.persons(['ann', 'bob'])).toEqual([
        { status: 'offline', at: 2, rev: 2, lastSeen: 2 },
        undefined,
      ])
    })

    test('the latest devices are kept', async () => {
      for (const [device, lastSeen] of [
        ['a', 1],
        ['b', 2],
        ['c', 3],
        ['a', 4],
      ] as const)
        await world.one.people.setDevice('ann', { device, name: device, lastSeen }, 2)
      const devices = await world.other.people.devices('ann')
      expect(devices.map(({ device }) => device).sort()).toEqual(['a', 'c'])
      await world.one.people.removeDevice('ann', 'a')
      expect(await world.other.people.devices('ann')).toEqual([{ device: 'c', name: 'c', lastSeen: 3 }])
    })

    test('connections are set and removed', async () => {
      await world.one.people.setConnection('ann', { client: '1', device: 'a', away: false })
      await world.one.people.setConnection('ann', { client: '2', device: 'a', away: false })
      await world.other.people.setConnection('ann', { client: '1', device: 'a', away: true })
      await world.one.people.removeConnections('ann', ['2', '3'])
      expect(await world.one.people.connections('ann')).toEqual([{ client: '1', device: 'a', away: true }])
      await world.one.people.removeConnections('ann', ['1'])
      expect(await world.one.people.connections('ann')).toEqual([])
    })

    test('names are set and read', async () => {
      await world.one.people.setName('ann', '小安')
      expect(await world.other.people.names(['ann', 'bob'])).toEqual(['小安', undefined])
      expect(await world.other.people.names([])).toEqual([])
    })
  })
}
