import { describe, expect, test } from 'vitest'
import type { Person } from '../../testing/person.ts'
import { startWorld } from '../../testing/world.ts'

async function lobby(visibility = 'public') {
  const world = await startWorld()
  const ann = await world.person('ann', 0)
  const bob = await world.person('bob', 1)
  const room = await ann.createRoom('Lobby', visibility)
  return { world, ann, bob, room, channel: `chat:${room}` }
}

async function joined() {
  const all = await lobby()
  await all.bob.call('room.join', { room: all.room })
  for (const person of [all.ann, all.bob]) await person.subscribe(all.channel)
  return all
}

const kinds = async (person: Person) =>
  (await person.events('message')).map(({ message }) => message.system?.kind ?? message.body)

describe('a room', () => {
  test('delivers messages of members to members on all nodes', async () => {
    const { ann, bob, room, channel } = await joined()
    await bob.send({ room }, 'hello')
    await ann.client.call('publish', { channel, data: '{"clientId":"p1","body":"by publish"}' })
    for (const person of [ann, bob]) expect(await person.bodies()).toEqual(['hello', 'by publish'])
    expect((await bob.history(channel)).map(({ body, system }) => system?.kind ?? body)).toEqual([
      'created',
      'joined',
      'joined',
      'hello',
      'by publish',
    ])
  })

  test('rejects users who are not members', async () => {
    const { bob, room, channel } = await lobby()
    const refused = { code: 403, message: /^not_member: / }
    await expect(bob.subscribe(channel)).rejects.toMatchObject(refused)
    await expect(bob.send({ room }, 'x')).rejects.toMatchObject(refused)
    await expect(bob.history(channel)).rejects.toMatchObject(refused)
    await expect(bob.call('room.members', { room })).rejects.toMatchObject(refused)
    await expect(
      bob.client.call('publish', { channel, data: '{"clientId":"1","body":"x"}' }),
    ).rejects.toMatchObject(refused)
    await expect(bob.client.call('history', { channel, limit: 9 })).rejects.toMatchObject({ code: 103 })
  })

  test.each([
    ['send', { to: { room: 'nowhere' }, clientId: '1', body: 'x' }],
    ['room.get', { room: 'nowhere' }],
    ['room.join', { room: 'nowhere' }],
    ['room.members', { room: 'nowhere' }],
    ['history', { conversation: 'chat:nowhere' }],
  ])('that does not exist is refused by %s', async (method, request) => {
    const { bob } = await lobby()
    await expect(bob.call(method, request)).rejects.toMatchObject({ code: 402, message: /^unknown_room: / })
  })

  test('has a unique name', async () => {
    const { bob } = await lobby()
    await expect(bob.createRoom('lobby')).rejects.toMatchObject({ code: 415, message: /^name_taken: / })
    await expect(bob.createRoom('ＬＯＢＢＹ')).rejects.toMatchObject({ code: 415 })
    expect(await bob.createRoom('Lobby 2')).toMatch(/^[a-z0-9]{12}$/)
  })

  test.each(['', ' ', 'a\u202eb', 'a\u0000', 'zero\u200bwidth', 'li\u2028ne', 'x'.repeat(81)])(
    'is not called %j',
    async (name) => {
      const { bob } = await lobby()
      await expect(bob.createRoom(name)).rejects.toMatchObject({ code: 414, message: /^bad_name: / })
    },
  )

  test('created twice with the same clientId is one room', async () => {
    const { world, ann } = await lobby()
    const desk = await world.person('ann', 1)
    const call = { name: 'Twice', visibility: 'public', clientId: 'c' }
    const first = await ann.call('room.create', call)
    expect(await desk.call('room.create', call)).toEqual(first)
  })

  test('publishes a system message when it is renamed, archived or restored', async () => {
    const { ann, bob, room } = await joined()
    await ann.call('room.rename', { room, name: 'Hall' })
    expect(await ann.call('room.archive', { room, archived: true })).toMatchObject({ name: 'Hall' })
    await expect(bob.send({ room }, 'x')).rejects.toMatchObject({ code: 407, message: /^archived: / })
    await ann.call('room.archive', { room, archived: false })
    await bob.send({ room }, 'back')
    expect(await kinds(bob)).toEqual(['renamed', 'archived', 'restored', 'back'])
    await expect(bob.call('room.rename', { room, name: 'Mine' })).rejects.toMatchObject({ code: 404 })
  })

  test('is listed while it is public and not archived', async () => {
    const { ann, bob, room } = await lobby()
    await ann.createRoom('Secret', 'members')
    const list = async () =>
      (await bob.call<{ rooms: { name: string }[] }>('rooms')).rooms.map(({ name }) => name)
    expect(await list()).toEqual(['Lobby'])
    await ann.call('room.visibility', { room, visibility: 'members' })
    expect(await list()).toEqual([])
  })

  test.each([
    ['general discussion', 'discuss'],
    ['Café Olé', 'cafe ole'],
    ['Straßenfest', 'STRASSE'],
    ['Όμορφος κήπος', 'ΚΗΠΟΣ'],
    ['北京大学', '京大'],
    ['Ёлка', 'елка'],
    ['हिन्दी', 'हिन्दी'],
  ])('called %s is found by %s', async (name, text) => {
    const world = await startWorld()
    const ann = await world.person('ann')
    await ann.call('room.create', { name, visibility: 'public', clientId: 'r1' })
    await ann.call('room.create', { name: 'other', visibility: 'public', clientId: 'r2' })
    expect(await ann.call('rooms', { text })).toMatchObject({ rooms: [{ name }] })
    expect(await ann.call('rooms', { text: `${text}x` })).toEqual({ rooms: [] })
  })

  test('rejects members above its limit', async () => {
    const world = await startWorld({ limits: { roomMembers: 1, userRooms: 1 } })
    const ann = await world.person('ann')
    const bob = await world.person('bob')
    const room = await ann.createRoom('One')
    await expect(bob.call('room.join', { room })).rejects.toMatchObject({
      code: 451,
      message: /^room_full: /,
    })
    await expect(ann.createRoom('Two')).rejects.toMatchObject({ code: 450, message: /^too_many_rooms: / })
  })
})

describe('leaving', () => {
  test('ends the subscriptions of every device on every node', async () => {
    const { world, ann, bob, room, channel } = await joined()
    const desk = await world.person('bob', 0)
    await desk.subscribe(channel)
    await bob.call('room.leave', { room })
    await ann.send({ room }, 'among us')
    await ann.send({ user: 'bob' }, 'barrier')
    expect(await bob.bodies()).toEqual(['barrier'])
    expect(await desk.bodies()).toEqual(['barrier'])
    expect(await desk.events('conversation')).toMatchObject([{ change: 'removed', reason: 'left' }])
  })

  test('is rejected for the last owner', async () => {
    const { ann, bob, room } = await joined()
    await expect(ann.call('room.leave', { room })).rejects.toMatchObject({
      code: 453,
      message: /^last_owner: /,
    })
    await ann.call('room.role', { room, user: 'bob', role: 'owner' })
    await ann.call('room.leave', { room })
    expect(await bob.call('room.members', { room })).toMatchObject({
      total: 1,
      members: [{ user: 'bob', role: 'owner' }],
    })
  })

  test('also ends a subscription that is being set up', async () => {
    const { world, ann, bob, room, channel } = await lobby()
    await bob.call('room.join', { room })
    world.bus.hold() // control messages wait: the kick reaches bob's node before his subscription is complete
    const [kick] = await Promise.all([ann.call('room.kick', { room, user: 'bob' }), bob.subscribe(channel)])
    world.bus.release()
    expect(kick).toEqual({})
    await world.clock.advance(100)
    await ann.send({ room }, 'among us')
    await ann.send({ user: 'bob' }, 'barrier')
    expect(await bob.bodies()).toEqual(['barrier'])
  })
})

describe('moderation', () => {
  test('kicks, bans and unbans', async () => {
    const { ann, bob, room } = await joined()
    await ann.call('room.kick', { room, user: 'bob' })
    await bob.call('room.join', { room })
    await ann.call('room.ban', { room, user: 'bob' })
    await expect(bob.call('room.join', { room })).rejects.toMatchObject({ code: 406, message: /^banned: / })
    await expect(bob.send({ room }, 'x')).rejects.toMatchObject({ code: 406 })
    expect(await ann.call('room.bans', { room })).toMatchObject({ bans: [{ user: 'bob', by: 'ann' }] })
    await ann.call('room.unban', { room, user: 'bob' })
    await bob.call('room.join', { room })
  })

  test('a ban expires', async () => {
    const { world, ann, bob, room } = await joined()
    await ann.call('room.ban', { room, user: 'bob', seconds: 60 })
    await expect(bob.call('room.join', { room })).rejects.toMatchObject({ code: 406 })
    await world.clock.advance(60_000)
    await bob.call('room.join', { room })
  })

  test('a mute expires', async () => {
    const { world, ann, bob, room, channel } = await joined()
    await ann.call('room.mute', { room, user: 'bob', seconds: 60 })
    const muted = { code: 405, message: /^muted: / }
    await expect(bob.send({ room }, 'x')).rejects.toMatchObject(muted)
    await expect(bob.call('typing', { conversation: channel, active: true })).rejects.toMatchObject(muted)
    expect(await bob.history(channel)).not.toEqual([])
    await world.clock.advance(60_000)
    await bob.send({ room }, 'again')
  })

  test('needs a higher role than the subject', async () => {
    const { world, ann, bob, room } = await joined()
    const cy = await world.person('cy')
    await cy.call('room.join', { room })
    const refused = { code: 404, message: /^not_allowed: / }
    await expect(bob.call('room.kick', { room, user: 'cy' })).rejects.toMatchObject(refused)
    await ann.call('room.role', { room, user: 'bob', role: 'moderator' })
    await expect(bob.call('room.kick', { room, user: 'ann' })).rejects.toMatchObject(refused)
    await expect(bob.call('room.role', { room, user: 'bob', role: 'owner' })).rejects.toMatchObject(refused)
    await bob.call('room.kick', { room, user: 'cy' })
    await expect(bob.call('room.kick', { room, user: 'cy' })).rejects.toMatchObject({ code: 403 })
  })

  test("lets a moderator delete others' messages", async () => {
    const { ann, bob, room, channel } = await joined()
    const { id, offset } = await bob.send({ room }, 'rude')
    await ann.delete(channel, { id, offset }, 'all')
    expect((await bob.history(channel)).at(-1)).toMatchObject({ id, body: '', deletedBy: 'ann' })
  })
})

describe('invitations', () => {
  test('let one user in, once', async () => {
    const { world, ann, bob, room, channel } = await lobby('members')
    const eve = await world.person('eve')
    await expect(bob.call('room.join', { room })).rejects.toMatchObject({ code: 403 })
    const { token } = await ann.call<{ token: string }>('room.invite', { room })
    await bob.call('room.accept', { token })
    await bob.subscribe(channel)
    await expect(eve.call('room.accept', { token })).rejects.toMatchObject({
      code: 440,
      message: /^invite_used: /,
    })
    await bob.call('room.accept', { token }) // a retry by the same user
    await bob.call('room.leave', { room })
    await expect(eve.call('room.accept', { token })).rejects.toMatchObject({ code: 440 })
  })

  test('of several uses let as many users in', async () => {
    const world = await startWorld()
    const ann = await world.person('ann')
    const { id: room } = await ann.call<{ id: string }>('room.create', {
      name: 'Tea',
      visibility: 'members',
      clientId: 'r1',
    })
    const { token, uses } = await ann.call<{ token: string; uses: number }>('room.invite', { room, uses: 2 })
    expect(uses).toBe(2)
    for (const user of ['bob', 'cy']) {
      const person = await world.person(user)
      await person.call('room.accept', { token })
    }
    const dan = await world.person('dan')
    await expect(dan.call('room.accept', { token })).rejects.toMatchObject({
      code: 440,
      message: 'invite_used: the invitation has no uses left',
    })
    await expect(ann.call('room.invite', { room, user: 'eve', uses: 2 })).rejects.toMatchObject({ code: 400 })
    await expect(ann.call('room.invite', { room, uses: 0 })).rejects.toMatchObject({ code: 400 })
  })

  test('for one user arrive in that inbox and are valid for that user only', async () => {
    const { world, ann, bob, room } = await lobby('members')
    const eve = await world.person('eve')
    const { token } = await ann.call<{ token: string }>('room.invite', { room, user: 'bob', expiresIn: 60 })
    expect(await bob.events('invited')).toMatchObject([{ room, name: 'Lobby', token, by: 'ann' }])
    await expect(eve.call('room.accept', { token })).rejects.toMatchObject({
      code: 442,
      message: /^invite_not_yours: /,
    })
    await world.clock.advance(60_000)
    await expect(bob.call('room.accept', { token })).rejects.toMatchObject({
      code: 441,
      message: /^invite_expired: /,
    })
  })

  test('of a members-only room need a moderator', async () => {
    const { ann, bob, room } = await lobby('members')
    const { token } = await ann.call<{ token: string }>('room.invite', { room })
    await bob.call('room.accept', { token })
    await expect(bob.call('room.invite', { room })).rejects.toMatchObject({ code: 404 })
  })

  test('do not admit a banned user', async () => {
    const { ann, bob, room } = await joined()
    await ann.call('room.ban', { room, user: 'bob' })
    const { token } = await ann.call<{ token: string }>('room.invite', { room })
    await expect(bob.call('room.accept', { token })).rejects.toMatchObject({ code: 406 })
  })
})

describe('mentions', () => {
  test('reach the inboxes of mentioned members', async () => {
    const { world, ann, bob, room, channel } = await joined()
    const eve = await world.person('eve')
    const { id, offset } = await ann.send({ room }, 'hey @bob, and @eve. mail a@b')
    await world.clock.advance(2000)
    expect(await bob.events('mention')).toMatchObject([{ conversation: channel, id, offset, from: 'ann' }])
    expect(await eve.events('mention')).toEqual([])
    expect(await bob.conversation(channel)).toMatchObject({ unread: 1, mentions: 1 })
    expect((await ann.events('message')).at(-1)?.message.mentions).toEqual(['bob', 'eve'])
  })

  test('above the limit are rejected', async () => {
    const { ann, room } = await lobby()
    const names = Array.from({ length: 21 }, (_, at) => `@user${at}`).join(' ')
    const refused = { code: 413, message: /^mention_limit: / }
    await expect(ann.send({ room }, names)).rejects.toMatchObject(refused)
    const mentions = Array.from({ length: 21 }, (_, at) => `user${at}`)
    await expect(ann.send({ room }, 'x', { mentions })).rejects.toMatchObject(refused)
  })
})
