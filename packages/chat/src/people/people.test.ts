import { describe, expect, test } from 'vitest'
import { startWorld, type World } from '../testing/world.ts'

const status = async (world: World, user: string, asker = 'asker') => {
  const person = await world.person(asker, 0)
  const { people } = await person.call<{ people: { status: string; lastSeen?: number }[] }>('presence', {
    users: [user],
  })
  return people[0]
}

async function watching() {
  const world = await startWorld({ count: 3 })
  const ann = await world.person('ann', 0)
  const bob = await world.person('bob', 1, 'phone')
  await world.clock.advance(1000)
  const { data } = (await ann.subscribe('people:bob')) as { data?: string }
  const changes = async () => (await ann.events('presence')).map((event) => event.status)
  return { world, ann, bob, changes, first: JSON.parse(String(data)) as { status: string } }
}

describe('presence of people', () => {
  test('is in the reply to a subscription', async () => {
    const { first } = await watching()
    expect(first).toMatchObject({ user: 'bob', status: 'online' })
  })

  test('is offline with a time after a deliberate close', async () => {
    const { world, bob, changes } = await watching()
    bob.leave()
    await world.clock.advance(1000)
    expect(await changes()).toEqual(['offline'])
    expect(await status(world, 'bob')).toMatchObject({ status: 'offline', lastSeen: expect.any(Number) })
  })

  test('is suspected, then offline, after a lost connection', async () => {
    const { world, bob, changes } = await watching()
    bob.cut()
    await world.clock.advance(1000)
    expect(await changes()).toEqual(['suspected'])
    await world.clock.advance(15_000)
    expect(await changes()).toEqual(['suspected', 'offline'])
  })

  test('does not change on a short connection loss', async () => {
    const { world, bob, changes } = await watching()
    bob.cut()
    await bob.reconnect(world.node(0))
    await world.clock.advance(20_000)
    expect(await changes()).toEqual([])
  })

  test('never becomes offline when the user reconnects within the grace period', async () => {
    const { world, bob, changes } = await watching()
    bob.cut()
    await world.clock.advance(5000)
    await bob.reconnect(world.node(2))
    await world.clock.advance(20_000)
    expect(await changes()).toEqual(['suspected', 'online'])
  })

  test('is away when all devices are away', async () => {
    const { world, bob, changes } = await watching()
    const desk = await world.person('bob', 2, 'desk')
    await bob.call('presence.set', { status: 'away' })
    await world.clock.advance(1000)
    expect(await changes()).toEqual([])
    await desk.call('presence.set', { status: 'away' })
    await world.clock.advance(1000)
    expect(await changes()).toEqual(['away'])
    await bob.call('presence.set', { status: 'online' })
    await world.clock.advance(1000)
    desk.leave()
    await world.clock.advance(1000)
    expect(await changes()).toEqual(['away', 'online'])
  })

  test('of users of a killed node is refreshed by their watchers', async () => {
    const { world, changes } = await watching()
    await world.clock.advance(3000)
    await world.kill(1)
    await world.clock.advance(5000)
    expect(await changes()).toEqual(['suspected'])
    await world.clock.advance(15_000)
    expect(await changes()).toEqual(['suspected', 'offline'])
  })

  test('of a room is readable by its members', async () => {
    const { ann, bob } = await watching()
    const room = await ann.createRoom('Tea')
    await expect(bob.call('presence', { room })).rejects.toMatchObject({ code: 403 })
    expect(await ann.call('presence', { room })).toMatchObject({
      people: [{ user: 'ann', status: 'online' }],
    })
  })

  test('has a limit of watched people per connection', async () => {
    const world = await startWorld({ limits: { watches: 2 } })
    const ann = await world.person('ann')
    await ann.subscribe('people:a')
    await ann.subscribe('people:b')
    await expect(ann.subscribe('people:c')).rejects.toMatchObject({ code: 452, message: /^watch_limit: / })
    await ann.client.call('unsubscribe', { channel: 'people:a' })
    await ann.subscribe('people:c')
  })
})

describe('devices', () => {
  test('are listed, and can be signed out one by one or together', async () => {
    const world = await startWorld()
    const phone = await world.person('ann', 0, 'phone')
    const desk = await world.person('ann', 1, 'desk')
    const tv = await world.person('ann', 1, 'tv')
    const list = async () =>
      (
        await phone.call<{ devices: { device: string; connected: boolean; current: boolean }[] }>('devices')
      ).devices
        .map(({ device, connected, current }) => `${device} ${connected} ${current}`)
        .toSorted()
    tv.leave()
    await world.clock.advance(1000)
    expect(await list()).toEqual(['desk true false', 'phone true true', 'tv false false'])
    await expect(phone.call('devices.signout', { device: 'none' })).rejects.toMatchObject({ code: 460 })
    await phone.call('devices.signout', { device: 'desk' })
    await world.clock.advance(1000)
    expect(desk.client.socket.closed).toEqual({ code: 4501, reason: 'signed out' })
    expect(await list()).toEqual(['phone true true', 'tv false false'])
    const other = await world.person('ann', 1, 'other')
    await phone.call('devices.signout')
    await world.clock.advance(1000)
    expect(other.client.socket.closed).toMatchObject({ code: 4501 })
    expect(phone.client.socket.closed).toBeUndefined()
    expect(await list()).toEqual(['phone true true'])
  })
})

describe('names', () => {
  test('can be set and read', async () => {
    const world = await startWorld()
    const ann = await world.person('ann')
    await ann.call('profile.set', { name: ' 小安  Ann ' })
    expect(await ann.call('profiles', { users: ['ann', 'bob'] })).toEqual({
      profiles: [
        { user: 'ann', name: '小安 Ann' },
        { user: 'bob', name: 'bob' },
      ],
    })
    await expect(ann.call('profile.set', { name: 'ad\u202emin' })).rejects.toMatchObject({ code: 414 })
  })
})
