/** The contract of the storage ports, run against every implementation. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ChatStorage, Cursor, Member, RoomRecord } from '../ports.ts'

export interface StorageWorld {
  /** Two clients of the same data, as on two nodes. */
  readonly one: ChatStorage
  readonly other: ChatStorage
  /** Advances the time for expiry. */
  elapse(ms: number): Promise<void>
  stop(): Promise<void>
}

const room = (id: string, name: string): RoomRecord => ({
  id,
  name,
  nameKey: name.toLowerCase(),
  visibility: 'public',
  createdBy: 'ann',
  createdAt: 1,
})
const member = (user: string, role: Member['role'] = 'member'): Member => ({ user, role, joinedAt: 5 })
const cursor = (offset: number, epoch = 'e'): Cursor => ({ offset, epoch, at: offset * 10 })

export function storageContract(name: string, start: () => Promise<StorageWorld>): void {
  describe(`chat storage: ${name}`, () => {
    let world: StorageWorld
    let one: ChatStorage
    let other: ChatStorage
    beforeEach(async () => {
      world = await start()
      one = world.one
      other = world.other
    })
    afterEach(() => world.stop())

    describe('ledger', () => {
      test('keeps the first reservation and its result for all nodes', async () => {
        expect(await one.ledger.reserve('k', { id: 'a', at: 1 }, 60)).toEqual({
          id: 'a',
          at: 1,
          known: false,
        })
        expect(await other.ledger.reserve('k', { id: 'b', at: 2 }, 60)).toEqual({
          id: 'a',
          at: 1,
          known: true,
        })
        await other.ledger.settle('k', '{"x":1}')
        expect(await one.ledger.reserve('k', { id: 'c', at: 3 }, 60)).toEqual({
          id: 'a',
          at: 1,
          result: '{"x":1}',
          known: true,
        })
      })

      test('expires', async () => {
        await one.ledger.reserve('k', { id: 'a', at: 1 }, 1)
        await one.ledger.settle('k', '1')
        await world.elapse(1100)
        expect(await one.ledger.reserve('k', { id: 'b', at: 2 }, 1)).toEqual({ id: 'b', at: 2, known: false })
      })

      test('ignores the result of a missing reservation', async () => {
        await one.ledger.settle('k', '1')
        expect(await one.ledger.reserve('k', { id: 'a', at: 1 }, 60)).toEqual({
          id: 'a',
          at: 1,
          known: false,
        })
      })
    })

    describe('amendments', () => {
      const state = (version: number) => ({ version, state: `{"v":${version}}` })

      test('are written only over the expected version', async () => {
        expect(await one.amendments.write('c', 3, state(1), 0, 60)).toBe(true)
        expect(await other.amendments.write('c', 3, state(1), 0, 60)).toBe(false)
        expect(await other.amendments.write('c', 3, state(2), 1, 60)).toBe(true)
        expect(await one.amendments.read('c', [2, 3])).toEqual([undefined, state(2)])
      })

      test('are trimmed by offset', async () => {
        for (const offset of [1, 9, 10, 100]) await one.amendments.write('c', offset, state(1), 0, 60)
        await one.amendments.trim('c', 10)
        const kept = await one.amendments.read('c', [1, 9, 10, 100])
        expect(kept.map((record) => record !== undefined)).toEqual([false, false, true, true])
      })

      test('expire unless they are kept', async () => {
        await one.amendments.write('c', 1, state(1), 0, 1)
        await one.amendments.keep('c', 60)
        await world.elapse(1100)
        expect(await one.amendments.read('c', [1])).toEqual([state(1)])
      })

      test('return an empty list for no offsets', async () => {
        expect(await one.amendments.read('c', [])).toEqual([])
      })
    })

    describe('rooms', () => {
      test('names are unique', async () => {
        const outcomes = await Promise.all([
          one.rooms.create(room('a', 'Tea'), member('ann', 'owner')),
          other.rooms.create(room('b', 'tea'), member('bob', 'owner')),
        ])
        expect(outcomes.filter(Boolean)).toHaveLength(1)
        const [a, b] = await one.rooms.get(['a', 'b'])
        expect([a, b].filter((found) => found !== undefined)).toHaveLength(1)
      })

      test('a repeated creation with the same id succeeds', async () => {
        expect(await one.rooms.create(room('a', 'Tea'), member('ann', 'owner'))).toBe(true)
        expect(await one.rooms.create(room('a', 'Tea'), member('ann', 'owner'))).toBe(true)
        expect(await other.rooms.get(['a', 'none'])).toEqual([{ ...room('a', 'Tea'), members: 1 }, undefined])
      })

      test('a rename reserves the new name and frees the old one', async () => {
        await one.rooms.create(room('a', 'Tea'), member('ann', 'owner'))
        await one.rooms.create(room('b', 'Milk'), member('ann', 'owner'))
        expect(await one.rooms.rename('a', 'MILK', 'milk')).toBe(false)
        expect(await one.rooms.rename('none', 'Rum', 'rum')).toBe(false)
        expect(await one.rooms.rename('a', 'Rum', 'rum')).toBe(true)
        expect(await one.rooms.rename('a', 'RUM', 'rum')).toBe(true)
        expect(await one.rooms.create(room('c', 'Tea'), member('ann', 'owner'))).toBe(true)
        expect(await other.rooms.get(['a'])).toMatchObject([{ name: 'RUM', nameKey: 'rum' }])
      })

      test('are listed by name, in pages', async () => {
        for (const [id, name] of [
          ['1', 'beta'],
          ['2', 'alpha'],
          ['3', 'betamax'],
          ['4', 'gamma'],
        ] as const)
          await one.rooms.create(room(id, name), member('ann', 'owner'))
        const all = await one.rooms.byName('', { limit: 10 })
        expect(all.items.map(({ name: found }) => found)).toEqual(['alpha', 'beta', 'betamax', 'gamma'])
        expect(all.cursor).toBeUndefined()
        const first = await one.rooms.byName('beta', { limit: 1 })
        expect(first.items.map(({ id }) => id)).toEqual(['1'])
        const second = await one.rooms.byName('beta', { limit: 1, cursor: first.cursor })
        expect(second.items.map(({ id }) => id)).toEqual(['3'])
        expect(second.cursor).toBeUndefined()
      })

      test('change visibility, and are archived and restored', async () => {
        await one.rooms.create(room('a', 'Tea'), member('ann', 'owner'))
        await one.rooms.update('a', { visibility: 'members', archivedAt: 7 })
        expect(await other.rooms.get(['a'])).toMatchObject([{ visibility: 'members', archivedAt: 7 }])
        await one.rooms.update('a', { archivedAt: null })
        const [found] = await other.rooms.get(['a'])
        expect(found).toEqual({ ...room('a', 'Tea'), visibility: 'members', members: 1 })
        await one.rooms.update('none', { visibility: 'public' })
        expect(await one.rooms.get(['none'])).toEqual([undefined])
      })

      test('users join once, up to the limit', async () => {
        await one.rooms.create(room('a', 'Tea'), member('ann', 'owner'))
        const both = await Promise.all([
          one.rooms.join('a', member('bob'), 3),
          other.rooms.join('a', member('bob'), 3),
        ])
        expect([...both].sort()).toEqual(['already', 'joined'])
        expect(await one.rooms.join('a', member('cy'), 3)).toBe('joined')
        expect(await one.rooms.join('a', member('dan'), 3)).toBe('full')
        expect(await one.rooms.join('none', member('dan'), 3)).toBe('unknown')
        expect(await other.rooms.standing('a', 'bob')).toMatchObject({
          role: 'member',
          joinedAt: 5,
          room: { members: 3 },
        })
        expect(await other.rooms.standing('a', 'dan')).toEqual({ room: { ...room('a', 'Tea'), members: 3 } })
        expect(await other.rooms.standing('none', 'dan')).toBeUndefined()
      })

      test('a room with several members keeps an owner', async () => {
        await one.rooms.create(room('a', 'Tea'), member('ann', 'owner'))
        await one.rooms.join('a', member('bob'), 9)
        expect(await one.rooms.leave('a', 'ann')).toBe('last_owner')
        expect(await one.rooms.setRole('a', 'ann', 'member')).toBe('last_owner')
        expect(await one.rooms.setRole('a', 'eve', 'owner')).toBe('absent')
        expect(await one.rooms.setRole('a', 'bob', 'owner')).toBe('set')
        expect(await one.rooms.setRole('a', 'bob', 'owner')).toBe('set')
        expect(await other.rooms.leave('a', 'ann')).toBe('left')
        expect(await other.rooms.leave('a', 'ann')).toBe('absent')
        expect(await other.rooms.leave('a', 'bob')).toBe('left')
      })

      test('members are listed in pages, in the order of ids', async () => {
        await one.rooms.create(room('a', 'Tea'), member('m', 'owner'))
        for (const user of ['z', 'b', 'a-', 'a']) await one.rooms.join('a', member(user), 9)
        const first = await one.rooms.members('a', { limit: 3 })
        expect(first.items.map(({ user }) => user)).toEqual(['a', 'a-', 'b'])
        const second = await one.rooms.members('a', { limit: 3, cursor: first.cursor })
        expect(second).toEqual({ items: [member('m', 'owner'), member('z')] })
      })

      test('a ban rejects a join until it expires', async () => {
        await one.rooms.create(room('a', 'Tea'), member('ann', 'owner'))
        await one.rooms.ban('a', { user: 'bob', by: 'ann', at: 1, until: 100 })
        await one.rooms.ban('a', { user: 'cy', by: 'ann', at: 1 })
        expect(await other.rooms.join('a', { ...member('bob'), joinedAt: 99 }, 9)).toBe('banned')
        expect(await other.rooms.join('a', { ...member('bob'), joinedAt: 100 }, 9)).toBe('joined')
        expect(await other.rooms.join('a', { ...member('cy'), joinedAt: 1e15 }, 9)).toBe('banned')
        expect(await other.rooms.standing('a', 'cy')).toMatchObject({ ban: { user: 'cy', by: 'ann', at: 1 } })
        expect((await other.rooms.bans('a', { limit: 9 })).items.map(({ user }) => user)).toEqual([
          'bob',
          'cy',
        ])
        await one.rooms.unban('a', 'cy')
        expect(await other.rooms.join('a', member('cy'), 9)).toBe('joined')
      })

      test('a mute expires', async () => {
        await one.rooms.create(room('a', 'Tea'), member('ann', 'owner'))
        await one.rooms.mute('a', 'ann', 77)
        expect(await other.rooms.standing('a', 'ann')).toMatchObject({ mutedUntil: 77 })
        expect((await other.rooms.members('a', { limit: 9 })).items).toEqual([
          { ...member('ann', 'owner'), mutedUntil: 77 },
        ])
        await one.rooms.mute('a', 'ann', 0)
        expect((await other.rooms.members('a', { limit: 9 })).items).toEqual([member('ann', 'owner')])
      })

      test('a mute survives leaving and joining', async () => {
        await one.rooms.create(room('a', 'Tea'), member('ann', 'owner'))
        await one.rooms.join('a', member('bob'), 9)
        await one.rooms.mute('a', 'bob', 77)
        await one.rooms.leave('a', 'bob')
        await one.rooms.join('a', member('bob'), 9)
        expect(await other.rooms.standing('a', 'bob')).toMatchObject({ mutedUntil: 77 })
      })

      test('one user redeems an invitation', async () => {
        const invite = { token: 't', room: 'a', by: 'ann', expiresAt: 100 }
        await one.rooms.invite(invite, 60)
        const both = await Promise.all([one.rooms.redeem('t', 'bob', 5), other.rooms.redeem('t', 'cy', 5)])
        expect(both.filter((outcome) => outcome === 'used')).toHaveLength(1)
        expect(both).toContainEqual(invite)
        const winner = both[0] === 'used' ? 'cy' : 'bob'
        expect(await one.rooms.redeem('t', winner, 5)).toEqual(invite)
      })

      test('an invitation expires, and may be for one user', async () => {
        await one.rooms.invite({ token: 't', room: 'a', by: 'ann', user: 'bob', expiresAt: 100 }, 60)
        expect(await one.rooms.redeem('t', 'eve', 5)).toBe('not_yours')
        expect(await one.rooms.redeem('t', 'bob', 100)).toBe('expired')
        expect(await one.rooms.redeem('none', 'bob', 5)).toBe('expired')
        expect(await one.rooms.redeem('t', 'bob', 99)).toMatchObject({ room: 'a', user: 'bob' })
      })
    })

    describe('conversations', () => {
      test('rooms of a user have a limit', async () => {
        expect(await one.conversations.addRoom('ann', 'r1', 1)).toBe(true)
        expect(await one.conversations.addRoom('ann', 'r1', 1)).toBe(true)
        expect(await one.conversations.addRoom('ann', 'r2', 1)).toBe(false)
        await one.conversations.removeRoom('ann', 'r1')
        expect(await other.conversations.of('ann')).toEqual({ rooms: [], directs: [] })
      })

      test('direct conversations are listed latest first, the oldest are evicted, times never decrease', async () => {
        await one.conversations.touchDirect('ann', 'bob', 1, 2)
        await one.conversations.touchDirect('ann', 'cy', 2, 2)
        await one.conversations.touchDirect('ann', 'dan', 3, 2)
        await one.conversations.touchDirect('ann', 'dan', 1, 2)
        expect((await other.conversations.of('ann')).directs).toEqual(['dan', 'cy'])
      })

      test('the time of a conversation never decreases', async () => {
        await one.conversations.touch('c', 9, 60)
        await one.conversations.touch('c', 7, 60)
        expect(await other.conversations.touched(['c', 'none'])).toEqual([9, undefined])
        expect(await other.conversations.touched([])).toEqual([])
      })

      test('flags are set one by one', async () => {
        expect(await one.conversations.setFlags('ann', 'c', { muted: true })).toEqual({
          muted: true,
          pinned: false,
        })
        expect(await other.conversations.setFlags('ann', 'c', { pinned: true })).toEqual({
          muted: true,
          pinned: true,
        })
        expect(await one.conversations.setFlags('ann', 'c', { muted: false })).toEqual({
          muted: false,
          pinned: true,
        })
        expect(await one.conversations.flags('ann', ['c', 'd'])).toEqual([
          { muted: false, pinned: true },
          { muted: false, pinned: false },
        ])
      })
    })

    describe('cursors', () => {
      test('never move back: by offset within an epoch, by time over epochs', async () => {
        const early = { offset: 9, epoch: 'f', at: 49 }
        const later = { offset: 1, epoch: 'f', at: 51 }
        expect(await one.cursors.read('ann', 'c', cursor(5))).toEqual({ advanced: true, cursor: cursor(5) })
        expect(await other.cursors.read('ann', 'c', cursor(3))).toEqual({
          advanced: false,
          cursor: cursor(5),
        })
        expect(await other.cursors.read('ann', 'c', cursor(5))).toEqual({
          advanced: false,
          cursor: cursor(5),
        })
        expect(await other.cursors.read('ann', 'c', early)).toEqual({ advanced: false, cursor: cursor(5) })
        expect(await other.cursors.read('ann', 'c', later)).toEqual({ advanced: true, cursor: later })
        expect(await one.cursors.of('ann', ['c', 'd'])).toEqual([{ read: later }, {}])
      })

      test('the delivered cursor is the furthest of all devices', async () => {
        expect(await one.cursors.deliver('ann', 'phone', 'c', cursor(5))).toMatchObject({ advanced: true })
        expect(await one.cursors.deliver('ann', 'desk', 'c', cursor(3))).toEqual({
          advanced: false,
          cursor: cursor(5),
        })
        expect(await one.cursors.deliver('ann', 'desk', 'c', cursor(6))).toMatchObject({ advanced: true })
        expect(await other.cursors.of('ann', ['c'])).toEqual([{ delivered: cursor(6) }])
      })
    })

    describe('people', () => {
      test('a record is written only over the expected revision', async () => {
        const person = { status: 'online', at: 1, rev: 1 } as const
        expect(await one.people.setPerson('ann', person, 0)).toBe(true)
        expect(await other.people.setPerson('ann', person, 0)).toBe(false)
        expect(
          await other.people.setPerson('ann', { status: 'offline', at: 2, rev: 2, lastSeen: 2 }, 1),
        ).toBe(true)
        expect(await one.people.persons(['ann', 'bob'])).toEqual([
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
          await one.people.setDevice('ann', { device, name: device, lastSeen }, 2)
        const devices = await other.people.devices('ann')
        expect(devices.map(({ device }) => device).sort()).toEqual(['a', 'c'])
        await one.people.removeDevice('ann', 'a')
        expect(await other.people.devices('ann')).toEqual([{ device: 'c', name: 'c', lastSeen: 3 }])
      })

      test('connections are set and removed', async () => {
        await one.people.setConnection('ann', { client: '1', device: 'a', away: false })
        await one.people.setConnection('ann', { client: '2', device: 'a', away: false })
        await other.people.setConnection('ann', { client: '1', device: 'a', away: true })
        await one.people.removeConnections('ann', ['2', '3'])
        expect(await one.people.connections('ann')).toEqual([{ client: '1', device: 'a', away: true }])
        await one.people.removeConnections('ann', ['1'])
        expect(await one.people.connections('ann')).toEqual([])
      })

      test('names are set and read', async () => {
        await one.people.setName('ann', '小安')
        expect(await other.people.names(['ann', 'bob'])).toEqual(['小安', undefined])
        expect(await other.people.names([])).toEqual([])
      })
    })

    test('rates permit a burst, then a steady rate, shared by all nodes', async () => {
      const take = (storage: ChatStorage, now: number) => storage.rates.take('k', 3, 2, now)
      expect([await take(one, 1000), await take(other, 1000), await take(one, 1000)]).toEqual([0, 0, 0])
      expect(await take(other, 1000)).toBe(500)
      expect(await take(other, 1250)).toBe(250)
      expect(await take(one, 1500)).toBe(0)
      expect(await take(one, 1500)).toBe(500)
    })

    describe('tasks', () => {
      test('are taken when due by one node, and again after the lease', async () => {
        await one.tasks.put('a', 10, '"A"')
        await one.tasks.put('b', 20, '"B"')
        expect(await one.tasks.take(9, 5, 10)).toEqual([])
        const both = await Promise.all([one.tasks.take(10, 5, 10), other.tasks.take(10, 5, 10)])
        expect(both.flat()).toEqual([{ id: 'a', payload: '"A"', attempts: 1 }])
        expect(await other.tasks.take(15, 5, 10)).toEqual([{ id: 'a', payload: '"A"', attempts: 2 }])
        await other.tasks.remove('a')
        expect(await one.tasks.take(100, 5, 10)).toEqual([{ id: 'b', payload: '"B"', attempts: 1 }])
      })

      test('keep their payload and take the new time when they are put again', async () => {
        await one.tasks.put('a', 10, '"first"')
        await one.tasks.put('a', 50, '"second"')
        expect(await one.tasks.take(40, 5, 10)).toEqual([])
        expect(await one.tasks.take(50, 5, 10)).toEqual([{ id: 'a', payload: '"first"', attempts: 1 }])
      })

      test('are taken in the order of their times, up to the limit', async () => {
        for (const [id, at] of [
          ['c', 3],
          ['a', 1],
          ['b', 2],
        ] as const)
          await one.tasks.put(id, at, id)
        expect((await one.tasks.take(9, 5, 2)).map(({ id }) => id)).toEqual(['a', 'b'])
      })
    })

    describe('events', () => {
      test('reach every group from its opening on, each event to one consumer of a group', async () => {
        await one.events.append('0')
        await one.events.open('g')
        await one.events.open('h')
        await one.events.open('g')
        await one.events.append('1')
        await other.events.append('2')
        const first = await one.events.read('g', 'x', 1)
        const second = await other.events.read('g', 'y', 9)
        expect([...first, ...second].map(({ text }) => text)).toEqual(['1', '2'])
        expect((await one.events.read('h', 'x', 9)).map(({ text }) => text)).toEqual(['1', '2'])
        expect(await one.events.read('g', 'x', 9)).toEqual([])
      })

      test('stay pending until they are acknowledged, and one consumer claims them', async () => {
        await one.events.open('g')
        await one.events.append('1')
        await one.events.append('2')
        const [a, b] = await one.events.read('g', 'x', 9)
        await one.events.ack('g', b?.id ?? '')
        await world.elapse(120)
        expect(await other.events.pending('g', 100, 9)).toMatchObject([{ id: a?.id, deliveries: 1 }])
        expect(await other.events.pending('g', 60_000, 9)).toEqual([])
        const both = await Promise.all([
          one.events.claim('g', 'x', a?.id ?? '', 100),
          other.events.claim('g', 'y', a?.id ?? '', 100),
        ])
        expect(both.filter((entry) => entry !== undefined)).toEqual([a])
        expect(await one.events.pending('g', 0, 9)).toMatchObject([{ id: a?.id, deliveries: 2 }])
        await one.events.ack('g', a?.id ?? '')
        expect(await other.events.pending('g', 0, 9)).toEqual([])
      })

      test('report the backlog of a group', async () => {
        expect(await one.events.behind('g')).toBeUndefined()
        await one.events.append('before')
        await one.events.open('g')
        expect(await one.events.behind('g')).toEqual({ waiting: 0, pending: 0 })
        for (const text of ['1', '2', '3']) await one.events.append(text)
        const [first] = await one.events.read('g', 'x', 2)
        await other.events.ack('g', first?.id ?? '')
        expect(await other.events.behind('g')).toEqual({ waiting: 1, pending: 1 })
        expect(await other.events.behind('nobody')).toBeUndefined()
      })
    })

    test('dead letters are kept once each and listed oldest first, in pages', async () => {
      expect(await one.deadLetters.add('a', 'A')).toBe(true)
      expect(await other.deadLetters.add('a', 'again')).toBe(false)
      await one.deadLetters.add('b', 'B')
      const first = await one.deadLetters.list({ limit: 1 })
      const second = await one.deadLetters.list({ limit: 9, cursor: first.cursor })
      expect([...first.items, ...second.items].map(({ text }) => text)).toEqual(['A', 'B'])
      const id = first.items[0]?.id ?? ''
      expect(await other.deadLetters.get(id)).toBe('A')
      expect(await other.deadLetters.remove(id)).toBe(true)
      expect(await other.deadLetters.remove(id)).toBe(false)
      expect(await other.deadLetters.get(id)).toBeUndefined()
    })
  })
}
