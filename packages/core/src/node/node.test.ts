import { CLOSE } from '@skein/protocol'
import { describe, expect, test } from 'vitest'
import { connected, TestClient } from '../testing/client.ts'
import { settle } from '../testing/clock.ts'
import { startNodes } from '../testing/nodes.ts'

describe.each(['json', 'protobuf'] as const)('one publication over two nodes (%s)', (encoding) => {
  test('reaches subscribers on both nodes once and in order, the publisher included', async () => {
    const { node, other, clock } = await startNodes()
    const ann = await connected(node, 'ann', { encoding })
    const bob = await connected(other, 'bob', { encoding })
    await ann.call('subscribe', { channel: 'room:a' })
    await bob.call('subscribe', { channel: 'room:a' })
    for (const text of ['one', 'two', 'three'])
      await ann.call('publish', { channel: 'room:a', data: `"${text}"` })
    await clock.advance(50)
    const expected = ['1:"one"', '2:"two"', '3:"three"']
    expect(bob.publications('room:a')).toEqual(expected)
    expect(ann.publications('room:a')).toEqual(expected)
  })

  test('names its author', async () => {
    const { node, clock } = await startNodes()
    const ann = await connected(node, 'ann', { encoding })
    await ann.call('subscribe', { channel: 'feed:a' })
    await ann.call('publish', { channel: 'feed:a', data: '{}' })
    await clock.advance(50)
    const push = ann.pushes.find((p) => p.kind === 'pub')
    expect(push?.kind === 'pub' ? push.envelope : '').toContain('"user":"ann"')
  })
})

describe('time', () => {
  test('a client without a pong is closed with 3012, one with a pong stays', async () => {
    const { node, clock } = await startNodes()
    const quiet = await connected(node, 'ann')
    const alive = await connected(node, 'bob')
    await clock.advance(19_000) // random is 0.5: the first ping at 18.75 s
    expect(alive.pushes).toContainEqual({ kind: 'ping' })
    alive.pong()
    await clock.advance(9000)
    expect(quiet.socket.closed).toEqual(CLOSE.noPong)
    expect(alive.socket.closed).toBeUndefined()
  })

  test('a token that is not refreshed closes the connection with 3005 after the grace period', async () => {
    const { node, clock } = await startNodes({ limits: { pingInterval: 0 } })
    const expireAt = Math.floor(clock.now() / 1000) + 10
    const client = new TestClient(node, { credentials: { user: 'ann', expireAt } })
    expect(await client.connect()).toMatchObject({ expires: true, ttl: 10 })
    await clock.advance(34_000)
    expect(client.socket.closed).toBeUndefined()
    await clock.advance(2000)
    expect(client.socket.closed).toEqual(CLOSE.expired)
  })
})

describe('control messages', () => {
  test('disconnect closes all connections of a user on every node, except those on the whitelist', async () => {
    const { node, other } = await startNodes()
    const here = await connected(node, 'ann')
    const there = await connected(other, 'ann')
    const kept = await connected(other, 'ann')
    const bob = await connected(other, 'bob')
    await node.disconnect({ user: 'ann' }, { whitelist: [kept.id] })
    await settle()
    expect(here.socket.closed).toEqual(CLOSE.forceDisconnect)
    expect(there.socket.closed).toEqual(CLOSE.forceDisconnect)
    expect(kept.socket.closed).toBeUndefined()
    expect(bob.socket.closed).toBeUndefined()
  })

  test('subscribe and unsubscribe by the server notify the client', async () => {
    const { node, other, clock } = await startNodes()
    const ann = await connected(other, 'ann')
    await node.subscribe({ user: 'ann' }, 'news:a')
    await settle()
    await node.publish('news:a', { data: '"hello"' })
    await clock.advance(50)
    await node.unsubscribe({ user: 'ann' }, 'news:a')
    await clock.advance(50)
    expect(ann.pushes.map((push) => push.kind)).toEqual(['subscribe', 'pub', 'unsubscribe'])
  })

  test('a survey counts channels over all nodes', async () => {
    const { node, other } = await startNodes()
    for (const [at, user] of [
      [node, 'ann'],
      [other, 'bob'],
    ] as const) {
      const client = await connected(at, user)
      await client.call('subscribe', { channel: 'room:a' })
    }
    expect(await node.channels('room:*')).toEqual({ 'room:a': 2 })
    expect(await node.channels('feed:*')).toEqual({})
  })
})

describe('personal channels', () => {
  test('reach every device of the user on any node, and no other user', async () => {
    const { node, other, clock } = await startNodes({
      channels: { namespaces: {}, personal: { historySize: 10, historyTtl: 60, recovery: true } },
    })
    const devices = [await connected(node, 'ann'), await connected(other, 'ann')]
    const bob = await connected(other, 'bob')
    await node.publish('#ann', { data: '"psst"' })
    await clock.advance(50)
    for (const device of devices) expect(device.publications('#ann')).toEqual(['1:"psst"'])
    expect(bob.pushes).toEqual([])
  })
})

describe('presence', () => {
  test('join and leave are pushed once for each user', async () => {
    const { node, other, clock } = await startNodes()
    const watcher = await connected(node, 'watcher')
    await watcher.call('subscribe', { channel: 'room:a', joinLeave: true })
    const first = await connected(node, 'ann')
    const second = await connected(other, 'ann')
    await first.call('subscribe', { channel: 'room:a' })
    await second.call('subscribe', { channel: 'room:a' })
    expect(await node.presenceStats('room:a')).toEqual({ clients: 3, users: 2 })
    await clock.advance(50)
    first.cut()
    await clock.advance(50)
    second.cut()
    await clock.advance(3000)
    const announced = watcher.pushes.flatMap((p) =>
      p.kind === 'join' || p.kind === 'leave' ? [`${p.kind} ${p.info.user}`] : [],
    )
    expect(announced).toEqual(['join watcher', 'join ann', 'leave ann'])
  })
})

test('drain closes every connection with 3001 at an even pace', async () => {
  const { node, clock } = await startNodes()
  const clients = await Promise.all(Array.from({ length: 20 }, (_, i) => connected(node, `u${i}`)))
  const drained = node.drain(1000)
  await clock.advance(500)
  const closed = clients.filter((client) => client.socket.closed !== undefined).length
  expect(closed).toBeGreaterThan(5)
  expect(closed).toBeLessThan(16)
  await clock.advance(600)
  await drained
  expect(new Set(clients.map((client) => client.socket.closed?.code))).toEqual(new Set([3001]))
})

test('drain spreads a few connections over the window, too', async () => {
  const { node, clock } = await startNodes()
  const clients = await Promise.all(Array.from({ length: 4 }, (_, i) => connected(node, `u${i}`)))
  const drained = node.drain(4000)
  await clock.advance(2000)
  const closed = clients.filter((client) => client.socket.closed !== undefined).length
  expect(closed).toBeGreaterThanOrEqual(2)
  expect(closed).toBeLessThanOrEqual(3)
  await clock.advance(2100)
  await drained
})

test('no entry is left when every client has left', async () => {
  const { node, bus, clock } = await startNodes(
    { channels: { namespaces: { room: { presence: true, subscribe: 'anyone' } }, personal: {} } },
    1,
  )
  const clients = await Promise.all(Array.from({ length: 5 }, () => connected(node, 'ann')))
  for (const client of clients) await client.call('subscribe', { channel: 'room:a' })
  for (const client of clients) client.cut()
  await clock.advance(3000)
  expect(node.stats()).toMatchObject({ clients: 0, users: 0, channels: 0, subs: 0, outboxBytes: 0 })
  expect(bus.size).toMatchObject({ presence: 0, sessions: 0 })
})
