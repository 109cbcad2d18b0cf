/** Faults of Redis and its connections: absent, stopped, restarted, without data, full, disconnected. */
import { pause, startRedis, waitFor, within } from '@skein/testkit'
import { enter, envelope, info, join } from '@skein/testkit/contracts'
import { expect, test } from 'vitest'
import {
  assertServes,
  createCluster,
  DURABLE,
  enterNode,
  HISTORY,
  NO_HISTORY,
  SHORT_TIMING,
  startServer,
} from './testing/servers.ts'

test('after a lost Pub/Sub connection all subscriptions are restored before the listener is notified', async () => {
  const redis = await startServer()
  const [a, b] = [await enterNode(redis.url, 'a'), await enterNode(redis.url, 'b')]
  const channels = Array.from({ length: 1300 }, (_, at) => `room:${at}`)
  await Promise.all(channels.map((channel) => b.cluster.broker.subscribe(channel)))
  await b.cluster.broker.unsubscribe('room:7')
  await redis.command('CLIENT', 'KILL', 'TYPE', 'pubsub')
  // Both nodes: control messages reach restored connections only.
  await waitFor('the notification', () => a.heard.restored === 1 && b.heard.restored === 1)
  await Promise.all(channels.map((channel) => a.cluster.broker.publish(channel, envelope(1), NO_HISTORY)))
  await waitFor('all publications', () => b.heard.publications.length === 1299)
  expect(b.heard.envelopes('room:7')).toEqual([])
  await b.cluster.control.send({ op: 'unsubscribe', user: 'u', channel: 'c' })
  await waitFor('orders', () => a.heard.orders.length === 1 && b.heard.orders.length === 1)
  expect([a.heard.lost, b.heard.lost]).toEqual([0, 0])
  expect([a.heard.restored, b.heard.restored]).toEqual([1, 1])
})

test('a script flush loses and repeats nothing', async () => {
  const redis = await startServer()
  const a = await enterNode(redis.url, 'a')
  await a.cluster.broker.publish('room:1', envelope(0), HISTORY)
  await a.cluster.presence.add('room:1', info('alice', '1'), true)
  await redis.command('SCRIPT', 'FLUSH')
  const publish = (at: number) => a.cluster.broker.publish('room:1', envelope(at), HISTORY)
  const results = await Promise.all([
    ...Array.from({ length: 50 }, (_, at) => publish(at)),
    a.cluster.presence.add('room:1', info('bob', '2'), true).then(() => ({ offset: 0 })),
  ])
  const offsets = results.map((result) => result.offset).sort((one, other) => one - other)
  expect(offsets).toEqual([0, ...Array.from({ length: 50 }, (_, at) => at + 2)])
  expect(await a.cluster.presence.stats('room:1')).toEqual({ clients: 2, users: 2 })
})

test('streams, presence, sessions and incarnations survive a restart that keeps the data', async () => {
  const redis = await startServer(DURABLE)
  const [a, b] = [await enterNode(redis.url, 'a'), await enterNode(redis.url, 'b')]
  await b.cluster.broker.subscribe('room:1')
  const before = await a.cluster.broker.publish('room:1', envelope(1), HISTORY)
  await a.cluster.presence.add('room:1', info('alice', '1'), true)
  await a.cluster.sessions.add({ user: 'alice', client: '1', connectedAt: 1 })
  await redis.kill()
  await expect(a.cluster.broker.publish('room:1', envelope(2), HISTORY)).rejects.toMatchObject({
    name: 'Unavailable',
  })
  // Longer than lease and grace: all leases have run out when Redis is back.
  await pause(2000)
  await redis.start()
  await waitFor('the notification', () => b.heard.restored === 1)
  // Each node reconnects independently.
  for (const { cluster } of [a, b]) await waitFor('service', () => assertServes(cluster))
  const after = await a.cluster.broker.publish('room:1', envelope(3), HISTORY)
  expect(after.offset).toBe(2)
  const { publications, before: earlier } = await a.cluster.broker.history('room:1', {
    limit: -1,
    metaTtl: 120,
  })
  expect(publications.map(({ offset }) => offset)).toEqual([1, 2])
  expect(earlier).toEqual([{ epoch: before.epoch, offset: 1 }])
  await waitFor('the publication', () => b.heard.offsets('room:1').includes(2))
  expect(await b.cluster.presence.list('room:1')).toEqual([info('alice', '1')])
  await pause(SHORT_TIMING.lease + SHORT_TIMING.grace + 500)
  expect(await b.cluster.presence.list('room:1')).toEqual([info('alice', '1')])
  expect(await b.cluster.sessions.list('alice')).toHaveLength(1)
  expect([a.heard.lost, b.heard.lost]).toEqual([0, 0])
  expect(b.heard.leaves).toEqual([])
})

test('a restart without data ends the incarnation, and the node joins with a new one', async () => {
  const redis = await startServer()
  const a = await enterNode(redis.url, 'a')
  await a.cluster.broker.subscribe('room:1')
  const before = await a.cluster.broker.publish('room:1', envelope(1), HISTORY)
  await a.cluster.presence.add('room:1', info('alice', '1'), true)
  await redis.kill()
  await redis.start()
  await waitFor('the notification', () => a.heard.lost === 1)
  await waitFor('a new incarnation', () => join(a).then(() => true))
  const after = await a.cluster.broker.publish('room:1', envelope(2), HISTORY)
  expect(after.offset).toBe(1)
  expect(after.epoch).not.toBe(before.epoch)
  await waitFor('the publication', () => a.heard.publications.some((one) => one.epoch === after.epoch))
  await a.cluster.presence.add('room:1', info('alice', '2'), true)
  expect(await a.cluster.presence.list('room:1')).toEqual([info('alice', '2')])
})

test('without Redis at the start calls reject in time, and succeed once it is reachable', async () => {
  const gone = await startRedis()
  await gone.stop()
  const errors: string[] = []
  const late = createCluster(gone.url, { onError: (error) => errors.push(error.message) })
  const calls = () => [
    late.broker.publish('room:1', envelope(1), HISTORY),
    late.broker.subscribe('room:1'),
    late.broker.history('room:1', { limit: -1, metaTtl: 1 }),
    late.presence.list('room:1'),
    late.sessions.list('alice'),
    late.membership.nodes(),
    late.control.send({ op: 'unsubscribe', user: 'u', channel: 'c' }),
    enter('late', late),
  ]
  for (const round of ['while calls wait', 'after']) {
    const results = await within(`answers ${round}`, Promise.allSettled(calls()), 4000)
    for (const result of results) {
      expect(result).toMatchObject({ status: 'rejected', reason: { name: 'Unavailable' } })
    }
  }
  expect(await late.health()).toMatchObject({ ok: false, reason: expect.stringContaining('ECONNREFUSED') })
  expect(errors.length).toBeGreaterThan(0)
  await startServer({ port: gone.port })
  const entered = await waitFor('the node to enter', () => enter('late', late))
  await waitFor('service', () => assertServes(late))
  await late.broker.subscribe('room:1')
  await late.broker.publish('room:1', envelope(1), HISTORY)
  await waitFor('the publication', () => entered.heard.offsets('room:1').length === 1)
})

test('while Redis hangs calls end in time, their number is bounded, and rejected calls have no effect', async () => {
  const redis = await startServer()
  const a = createCluster(redis.url, { bounds: { pending: 10 } })
  await a.health()
  redis.freeze()
  const start = performance.now()
  const publish = () => a.broker.publish('room:1', envelope(1), HISTORY)
  const waiting = Promise.allSettled(Array.from({ length: 10 }, publish))
  expect(a.counters().pending).toBe(10)
  await expect(publish()).rejects.toThrow('Redis did not publish: 10 calls are already waiting for it')
  expect((await waiting).map((one) => one.status)).toEqual(Array.from({ length: 10 }, () => 'rejected'))
  expect(performance.now() - start).toBeLessThan(2000)
  expect(await a.health()).toMatchObject({ ok: false })
  expect(a.counters().pending).toBe(0)
  redis.thaw()
  await waitFor('service', () => assertServes(a))
  const { offset } = await publish()
  expect(offset).toBeLessThanOrEqual(11)
})

test('with a full memory Redis delivers no publication that it did not write', async () => {
  const redis = await startServer()
  const [a, b] = [await enterNode(redis.url, 'a'), await enterNode(redis.url, 'b')]
  for (const channel of ['room:1', '#alice', 'room:barrier']) await b.cluster.broker.subscribe(channel)
  const first = await a.cluster.broker.publish('room:1', envelope(1), HISTORY)
  await redis.command('CONFIG', 'SET', 'maxmemory', '1')
  const publish = (options: object) =>
    a.cluster.broker.publish('room:1', envelope('refused'), { ...HISTORY, ...options })
  await expect(publish({})).rejects.toThrow(/Redis did not publish: OOM/)
  await expect(publish({ idempotencyKey: 'k' })).rejects.toMatchObject({ name: 'Unavailable' })
  await a.cluster.broker.publish('room:barrier', envelope(1), NO_HISTORY)
  await waitFor('the barrier', () => b.heard.envelopes('room:barrier').length === 1)
  await redis.command('CONFIG', 'SET', 'maxmemory', '0')
  expect(b.heard.envelopes('room:1')).toEqual([envelope(1)])
  expect(await publish({ idempotencyKey: 'k' })).toEqual({ ...first, offset: 2, duplicate: false })
})
