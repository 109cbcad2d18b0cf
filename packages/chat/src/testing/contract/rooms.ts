import { describe, expect, test } from 'vitest'
import { member, room, type StorageWorld } from './world.ts'

export function roomsContract(world: StorageWorld): void {
  describe('rooms', () => {
    test('names are unique', async () => {
      const outcomes = await Promise.all([
        world.one.rooms.create(room('a', 'Tea'), member('ann', 'owner')),
        world.other.rooms.create(room('b', 'tea'), member('bob', 'owner')),
      ])
      expect(outcomes.filter(Boolean)).toHaveLength(1)
      const [a, b] = await world.one.rooms.get(['a', 'b'])
      expect([a, b].filter((found) => found !== undefined)).toHaveLength(1)
    })

    test('a repeated creation with the same id succeeds', async () => {
      expect(await world.one.rooms.create(room('a', 'Tea'), member('ann', 'owner'))).toBe(true)
      expect(await world.one.rooms.create(room('a', 'Tea'), member('ann', 'owner'))).toBe(true)
      expect(await world.other.rooms.get(['a', 'none'])).toEqual([
        { ...room('a', 'Tea'), members: 1 },
        undefined,
      ])
    })

    test('a rename reserves the new name and frees the old one', async () => {
      await world.one.rooms.create(room('a', 'Tea'), member('ann', 'owner'))
      await world.one.rooms.create(room('b', 'Milk'), member('ann', 'owner'))
      expect(await world.one.rooms.rename('a', 'MILK', 'milk')).toBe(false)
      expect(await world.one.rooms.rename('none', 'Rum', 'rum')).toBe(false)
      expect(await world.one.rooms.rename('a', 'Rum', 'rum')).toBe(true)
      expect(await world.one.rooms.rename('a', 'RUM', 'rum')).toBe(true)
      expect(await world.one.rooms.create(room('c', 'Tea'), member('ann', 'owner'))).toBe(true)
      expect(await world.other.rooms.get(['a'])).toMatchObject([{ name: 'RUM', nameKey: 'rum' }])
    })

    test('are listed by name, in pages', async () => {
      for (const [id, name] of [
        ['1', 'beta'],
        ['2', 'alpha'],
        ['3', 'betamax'],
        ['4', 'gamma'],
      ] as const)
        await world.one.rooms.create(room(id, name), member('ann', 'owner'))
      const all = await world.one.rooms.byName('', { limit: 10 })
      expect(all.items.map(({ name: found }) => found)).toEqual(['alpha', 'beta', 'betamax', 'gamma'])
      expect(all.cursor).toBeUndefined()
      const first = await world.one.rooms.byName('beta', { limit: 1 })
      expect(first.items.map(({ id }) => id)).toEqual(['1'])
      const second = await world.one.rooms.byName('beta', { limit: 1, cursor: first.cursor })
      expect(second.items.map(({ id }) => id)).toEqual(['3'])
      expect(second.cursor).toBeUndefined()
    })

    test('are searched by name key, in pages', async () => {
      for (const [id, name] of [
        ['r1', 'Alpha'],
        ['r2', 'Beta'],
        ['r3', 'Gamma'],
        ['r4', 'Zeta'],
      ] as const)
        await world.one.rooms.create(room(id, name), member('ann', 'owner'))
      const matches = (key: string) => key.includes('ta') || key === 'alpha'
      const first = await world.other.rooms.search(matches, { limit: 2 })
      expect(first.items.map(({ id }) => id)).toEqual(['r1', 'r2'])
      const second = await world.other.rooms.search(matches, { limit: 2, cursor: first.cursor })
      expect(second.items.map(({ id }) => id)).toEqual(['r4'])
      expect(second.cursor).toBeUndefined()
      expect(await world.one.rooms.search(() => false, { limit: 2 })).toEqual({ items: [] })
    })

    test('change visibility, and are archived and restored', async () => {
      await world.one.rooms.create(room('a', 'Tea'), member('ann', 'owner'))
      await world.one.rooms.update('a', { visibility: 'members', archivedAt: 7 })
      expect(await world.other.rooms.get(['a'])).toMatchObject([{ visibility: 'members', archivedAt: 7 }])
      await world.one.rooms.update('a', { archivedAt: null })
      const [found] = await world.other.rooms.get(['a'])
      expect(found).toEqual({ ...room('a', 'Tea'), visibility: 'members', members: 1 })
      await world.one.rooms.update('none', { visibility: 'public' })
      expect(await world.one.rooms.get(['none'])).toEqual([undefined])
    })

    test('users join once, up to the limit', async () => {
      await world.one.rooms.create(room('a', 'Tea'), member('ann', 'owner'))
      const both = await Promise.all([
        world.one.rooms.join('a', member('bob'), 3),
        world.other.rooms.join('a', member('bob'), 3),
      ])
      expect([...both].sort()).toEqual(['already', 'joined'])
      expect(await world.one.rooms.join('a', member('cy'), 3)).toBe('joined')
      expect(await world.one.rooms.join('a', member('dan'), 3)).toBe('full')
      expect(await world.one.rooms.join('none', member('dan'), 3)).toBe('unknown')
      expect(await world.other.rooms.standing('a', 'bob')).toMatchObject({
        role: 'member',
        joinedAt: 5,
        room: { members: 3 },
      })
      expect(await world.other.rooms.standing('a', 'dan')).toEqual({
        room: { ...room('a', 'Tea'), members: 3 },
      })
      expect(await world.other.rooms.standing('none', 'dan')).toBeUndefined()
    })

    test('a room with several members keeps an owner', async () => {
      await world.one.rooms.create(room('a', 'Tea'), member('ann', 'owner'))
      await world.one.rooms.join('a', member('bob'), 9)
      expect(await world.one.rooms.leave('a', 'ann')).toBe('last_owner')
      expect(await world.one.rooms.setRole('a', 'ann', 'member')).toBe('last_owner')
      expect(await world.one.rooms.setRole('a', 'eve', 'owner')).toBe('absent')
      expect(await world.one.rooms.setRole('a', 'bob', 'owner')).toBe('set')
      expect(await world.one.rooms.setRole('a', 'bob', 'owner')).toBe('set')
      expect(await world.other.rooms.leave('a', 'ann')).toBe('left')
      expect(await world.other.rooms.leave('a', 'ann')).toBe('absent')
      expect(await world.other.rooms.leave('a', 'bob')).toBe('left')
    })

    test('members are listed in pages, in the order of ids', async () => {
      await world.one.rooms.create(room('a', 'Tea'), member('m', 'owner'))
      for (const user of ['z', 'b', 'a-', 'a']) await world.one.rooms.join('a', member(user), 9)
      const first = await world.one.rooms.members('a', { limit: 3 })
      expect(first.items.map(({ user }) => user)).toEqual(['a', 'a-', 'b'])
      const second = await world.one.rooms.members('a', { limit: 3, cursor: first.cursor })
      expect(second).toEqual({ items: [member('m', 'owner'), member('z')] })
    })

    test('a ban rejects a join until it expires', async () => {
      await world.one.rooms.create(room('a', 'Tea'), member('ann', 'owner'))
      await world.one.rooms.ban('a', { user: 'bob', by: 'ann', at: 1, until: 100 })
      await world.one.rooms.ban('a', { user: 'cy', by: 'ann', at: 1 })
      expect(await world.other.rooms.join('a', { ...member('bob'), joinedAt: 99 }, 9)).toBe('banned')
      expect(await world.other.rooms.join('a', { ...member('bob'), joinedAt: 100 }, 9)).toBe('joined')
      expect(await world.other.rooms.join('a', { ...member('cy'), joinedAt: 1e15 }, 9)).toBe('banned')
      expect(await world.other.rooms.standing('a', 'cy')).toMatchObject({
        ban: { user: 'cy', by: 'ann', at: 1 },
      })
      expect((await world.other.rooms.bans('a', { limit: 9 })).items.map(({ user }) => user)).toEqual([
        'bob',
        'cy',
      ])
      await world.one.rooms.unban('a', 'cy')
      expect(await world.other.rooms.join('a', member('cy'), 9)).toBe('joined')
    })

    test('a mute expires', async () => {
      await world.one.rooms.create(room('a', 'Tea'), member('ann', 'owner'))
      await world.one.rooms.mute('a', 'ann', 77)
      expect(await world.other.rooms.standing('a', 'ann')).toMatchObject({ mutedUntil: 77 })
      expect((await world.other.rooms.members('a', { limit: 9 })).items).toEqual([
        { ...member('ann', 'owner'), mutedUntil: 77 },
      ])
      await world.one.rooms.mute('a', 'ann', 0)
      expect((await world.other.rooms.members('a', { limit: 9 })).items).toEqual([member('ann', 'owner')])
    })

    test('a mute survives leaving and joining', async () => {
      await world.one.rooms.create(room('a', 'Tea'), member('ann', 'owner'))
      await world.one.rooms.join('a', member('bob'), 9)
      await world.one.rooms.mute('a', 'bob', 77)
      await world.one.rooms.leave('a', 'bob')
      await world.one.rooms.join('a', member('bob'), 9)
      expect(await world.other.rooms.standing('a', 'bob')).toMatchObject({ mutedUntil: 77 })
    })

    test('one user redeems an invitation', async () => {
      const invite = { token: 't', room: 'a', by: 'ann', uses: 1, expiresAt: 100 }
      await world.one.rooms.invite(invite, 60)
      const both = await Promise.all([
        world.one.rooms.redeem('t', 'bob', 5),
        world.other.rooms.redeem('t', 'cy', 5),
      ])
      expect(both.filter((outcome) => outcome === 'used')).toHaveLength(1)
      expect(both).toContainEqual(invite)
      const winner = both[0] === 'used' ? 'cy' : 'bob'
      expect(await world.one.rooms.redeem('t', winner, 5)).toEqual(invite)
    })

    test('an invitation has as many uses as it says, and a repetition by the same user is not one', async () => {
      const invite = { token: 't', room: 'a', by: 'ann', uses: 2, expiresAt: 100 }
      await world.one.rooms.invite(invite, 60)
      expect(await world.one.rooms.redeem('t', 'bob', 5)).toEqual(invite)
      expect(await world.other.rooms.redeem('t', 'bob', 5)).toEqual(invite)
      expect(await world.other.rooms.redeem('t', 'cy', 5)).toEqual(invite)
      expect(await world.one.rooms.redeem('t', 'dan', 5)).toBe('used')
      expect(await world.one.rooms.redeem('t', 'bob', 500)).toEqual(invite)
    })

    test('an invitation expires, and may be for one user', async () => {
      await world.one.rooms.invite(
        { token: 't', room: 'a', by: 'ann', user: 'bob', uses: 1, expiresAt: 100 },
        60,
      )
      expect(await world.one.rooms.redeem('t', 'eve', 5)).toBe('not_yours')
      expect(await world.one.rooms.redeem('t', 'bob', 100)).toBe('expired')
      expect(await world.one.rooms.redeem('none', 'bob', 5)).toBe('expired')
      expect(await world.one.rooms.redeem('t', 'bob', 99)).toMatchObject({ room: 'a', user: 'bob' })
    })
  })
}
