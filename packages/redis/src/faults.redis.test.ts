/** What Redis and the way to it can do to a node: be missing, hang, restart, forget, run full, lose a connection. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import type { Cluster } from '@skein/core'
import { pause, type RedisServer, startRedis, waitFor, within } from '@skein/testkit'
import { type ContractNode, enter, envelope, info, join } from '@skein/testkit/contracts'
import { expect, onTestFinished, test } from 'vitest'
import { createRedisCluster, type RedisCluster, type RedisClusterOptions } from './index.ts'

const KEPT = { historySize: 100, historyTtl: 60, metaTtl: 120 }
const UNKEPT = { historySize: 0, historyTtl: 0, metaTtl: 0 }
const TIMING = { lease: 1000, renewal: 250, grace: 500, command: 600 }

async function server(options?: Parameters<typeof startRedis>[0]): Promise<RedisServer> {
  const redis = await startRedis(options)
  onTestFinished(() => redis.stop())
  return redis
}

function cluster(url: string, options: Partial<RedisClusterOptions> = {}): RedisCluster {
  const made = createRedisCluster({ url, name: 'node', timing: TIMING, ...options })
  onTestFinished(() => made.close())
  return made
}

async function node(url: string, name: string): Promise<ContractNode> {
  return await enter(name, cluster(url, { name }))
}

async function serves({ broker, health }: Cluster): Promise<true> {
  await broker.publish('room:serves', envelope(1), UNKEPT)
  expect(await health()).toEqual({ ok: true })
  return true
}

test('Pub/Sub connection killed: all interest comes back, then the listener is told', async () => {
  const redis = await server()
  const [a, b] = [await node(redis.url, 'a'), await node(redis.url, 'b')]
  const channels = Array.from({ length: 1300 }, (_, at) => `room:${at}`)
  await Promise.all(channels.map((channel) => b.cluster.broker.subscribe(channel)))
  await b.cluster.broker.unsubscribe('room:7')
  await redis.command('CLIENT', 'KILL', 'TYPE', 'pubsub')
  // Both: orders reach only who listens again.
  await waitFor('the news', () => a.heard.restored === 1 && b.heard.restored === 1)
  await Promise.all(channels.map((channel) => a.cluster.broker.publish(channel, envelope(1), UNKEPT)))
  await waitFor('all publications', () => b.heard.publications.length === 1299)
  expect(b.heard.envelopes('room:7')).toEqual([])
  await b.cluster.control.send({ op: 'unsubscribe', user: 'u', channel: 'c' })
  await waitFor('orders', () => a.heard.orders.length === 1 && b.heard.orders.length === 1)
  expect([a.heard.lost, b.heard.lost]).toEqual([0, 0])
  expect([a.heard.restored, b.heard.restored]).toEqual([1, 1])
})

test('scripts forgotten: nothing is lost', async () => {
  const redis = await server()
  const a = await node(redis.url, 'a')
  await a.cluster.broker.publish('room:1', envelope(0), KEPT)
  await a.cluster.presence.add('room:1', info('alice', '1'), true)
  await redis.command('SCRIPT', 'FLUSH')
  const publish = (at: number) => a.cluster.broker.publish('room:1', envelope(at), KEPT)
  const results = await Promise.all([
    ...Array.from({ length: 50 }, (_, at) => publish(at)),
    a.cluster.presence.add('room:1', info('bob', '2'), true).then(() => ({ offset: 0 })),
  ])
  const offsets = results.map((result) => result.offset).sort((one, other) => one - other)
  expect(offsets).toEqual([0, ...Array.from({ length: 50 }, (_, at) => at + 2)])
  expect(await a.cluster.presence.stats('room:1')).toEqual({ clients: 2, users: 2 })
})

test('restart that keeps data: streams, presence, sessions and incarnations go on', async () => {
  const redis = await server({ persistent: true, settings: ['--appendfsync', 'always'] })
  const [a, b] = [await node(redis.url, 'a'), await node(redis.url, 'b')]
  await b.cluster.broker.subscribe('room:1')
  const before = await a.cluster.broker.publish('room:1', envelope(1), KEPT)
  await a.cluster.presence.add('room:1', info('alice', '1'), true)
  await a.cluster.sessions.add({ user: 'alice', client: '1', connectedAt: 1 })
  await redis.kill()
  await expect(a.cluster.broker.publish('room:1', envelope(2), KEPT)).rejects.toMatchObject({
    name: 'Unavailable',
  })
  // Longer than lease and grace: all leases have run out when Redis is back.
  await pause(2000)
  await redis.start()
  await waitFor('the news', () => b.heard.restored === 1)
  // Each of them has connections of its own, which come back at their own time.
  for (const { cluster } of [a, b]) await waitFor('service', () => serves(cluster))
  const after = await a.cluster.broker.publish('room:1', envelope(3), KEPT)
  expect(after.offset).toBe(2)
  const { publications, before: earlier } = await a.cluster.broker.history('room:1', {
    limit: -1,
    metaTtl: 120,
  })
  expect(publications.map(({ offset }) => offset)).toEqual([1, 2])
  expect(earlier).toEqual([{ epoch: before.epoch, offset: 1 }])
  await waitFor('the publication', () => b.heard.offsets('room:1').includes(2))
  expect(await b.cluster.presence.list('room:1')).toEqual([info('alice', '1')])
  await pause(TIMING.lease + TIMING.grace + 500)
  expect(await b.cluster.presence.list('room:1')).toEqual([info('alice', '1')])
  expect(await b.cluster.sessions.list('alice')).toHaveLength(1)
  expect([a.heard.lost, b.heard.lost]).toEqual([0, 0])
  expect(b.heard.leaves).toEqual([])
})

test('restart that forgets everything: nodes are told that their incarnation is over', async () => {
  const redis = await server()
  const a = await node(redis.url, 'a')
  await a.cluster.broker.subscribe('room:1')
  const before = await a.cluster.broker.publish('room:1', envelope(1), KEPT)
  await a.cluster.presence.add('room:1', info('alice', '1'), true)
  await redis.kill()
  await redis.start()
  await waitFor('the news', () => a.heard.lost === 1)
  await waitFor('a new incarnation', () => join(a).then(() => true))
  const after = await a.cluster.broker.publish('room:1', envelope(2), KEPT)
  expect(after.offset).toBe(1)
  expect(after.epoch).not.toBe(before.epoch)
  await waitFor('the publication', () => a.heard.publications.some((one) => one.epoch === after.epoch))
  await a.cluster.presence.add('room:1', info('alice', '2'), true)
  expect(await a.cluster.presence.list('room:1')).toEqual([info('alice', '2')])
})

test('Redis missing at the start: calls say so, in time; everything heals when it appears', async () => {
  const place = await startRedis()
  await place.stop()
  const errors: string[] = []
  const late = cluster(place.url, { onError: (error) => errors.push(error.message) })
  const calls = () => [
    late.broker.publish('room:1', envelope(1), KEPT),
    late.broker.subscribe('room:1'),
    late.broker.history('room:1', { limit: -1, metaTtl: 1 }),
    late.presence.list('room:1'),
    late.sessions.list('alice'),
    late.membership.nodes(),
    late.control.send({ op: 'unsubscribe', user: 'u', channel: 'c' }),
    enter('late', late),
  ]
  for (const round of ['before patience ends', 'after']) {
    const results = await within(`answers ${round}`, Promise.allSettled(calls()), 4000)
    for (const result of results) {
      expect(result).toMatchObject({ status: 'rejected', reason: { name: 'Unavailable' } })
    }
  }
  expect(await late.health()).toMatchObject({ ok: false, reason: expect.stringContaining('ECONNREFUSED') })
  expect(errors.length).toBeGreaterThan(0)
  await server({ port: place.port })
  const entered = await waitFor('the node to enter', () => enter('late', late))
  await waitFor('service', () => serves(late))
  await late.broker.subscribe('room:1')
  await late.broker.publish('room:1', envelope(1), KEPT)
  await waitFor('the publication', () => entered.heard.offsets('room:1').length === 1)
})

test('Redis hangs: calls end in time and their number is bounded; what was refused never happens', async () => {
  const redis = await server()
  const a = cluster(redis.url, { bounds: { pending: 10 } })
  await a.health()
  redis.freeze()
  const start = performance.now()
  const publish = () => a.broker.publish('room:1', envelope(1), KEPT)
  const waiting = Promise.allSettled(Array.from({ length: 10 }, publish))
  expect(a.counters().pending).toBe(10)
  await expect(publish()).rejects.toThrow('Redis did not publish: 10 calls are already waiting for it')
  expect((await waiting).map((one) => one.status)).toEqual(Array.from({ length: 10 }, () => 'rejected'))
  expect(performance.now() - start).toBeLessThan(2000)
  expect(await a.health()).toMatchObject({ ok: false })
  expect(a.counters().pending).toBe(0)
  redis.thaw()
  await waitFor('service', () => serves(a))
  const { offset } = await publish()
  expect(offset).toBeLessThanOrEqual(11)
})

test('Redis full: nothing is delivered that was not written', async () => {
  const redis = await server()
  const [a, b] = [await node(redis.url, 'a'), await node(redis.url, 'b')]
  for (const channel of ['room:1', '#alice', 'room:barrier']) await b.cluster.broker.subscribe(channel)
  const first = await a.cluster.broker.publish('room:1', envelope(1), KEPT)
  await redis.command('CONFIG', 'SET', 'maxmemory', '1')
  const publish = (options: object) =>
    a.cluster.broker.publish('room:1', envelope('refused'), { ...KEPT, ...options })
  await expect(publish({})).rejects.toThrow(/Redis did not publish: OOM/)
  await expect(publish({ idempotencyKey: 'k' })).rejects.toMatchObject({ name: 'Unavailable' })
  await a.cluster.broker.publish('room:barrier', envelope(1), UNKEPT)
  await waitFor('the barrier', () => b.heard.envelopes('room:barrier').length === 1)
  await redis.command('CONFIG', 'SET', 'maxmemory', '0')
  expect(b.heard.envelopes('room:1')).toEqual([envelope(1)])
  expect(await publish({ idempotencyKey: 'k' })).toEqual({ ...first, offset: 2, duplicate: false })
})

test('a removal that failed is repeated until it is done', async () => {
  const redis = await server({ persistent: true, settings: ['--appendfsync', 'always'] })
  const [a, b] = [await node(redis.url, 'a'), await node(redis.url, 'b')]
  await b.cluster.broker.subscribe('room:1')
  await a.cluster.presence.add('room:1', info('alice', '1'), true)
  await a.cluster.presence.add('room:1', info('bob', '2'), true)
  await a.cluster.sessions.add({ user: 'alice', client: '1', connectedAt: 1 })
  await redis.kill()
  await expect(a.cluster.presence.remove('room:1', info('alice', '1'), true)).rejects.toThrow()
  await expect(a.cluster.presence.remove('room:1', info('bob', '2'), true)).rejects.toThrow()
  await expect(a.cluster.sessions.remove('alice', '1')).rejects.toThrow()
  await redis.start()
  await waitFor('connections', () => serves(a.cluster))
  // Bob is back before the removal was repeated, or after: he stays.
  await waitFor('bob', () => a.cluster.presence.add('room:1', info('bob', '2'), true).then(() => true))
  await waitFor('alice to be gone', async () => {
    const there = await b.cluster.presence.list('room:1')
    return there.length === 1 && there[0]?.user === 'bob'
  })
  await waitFor('her session to be gone', async () => (await b.cluster.sessions.list('alice')).length === 0)
  expect((a.cluster as RedisCluster).counters().unsettled).toBe(0)
})

/** In front of Redis: what old connections have sent while it is held comes behind all that new ones send. */
async function lateProxy(url: string) {
  let late: (() => Promise<unknown>)[] | undefined
  const proxy = createServer((near) => {
    const far = connect(Number(new URL(url).port), '127.0.0.1')
    far.pipe(near)
    const mine = late
    near.on('data', (bytes) => {
      if (late === mine) far.write(bytes)
      else
        late?.push(() => {
          far.resume().write(bytes)
          return once(far, 'data')
        })
    })
    for (const socket of [near, far]) socket.on('error', () => undefined)
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void proxy.close())
  return {
    url: `redis://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    hold: () => {
      late = []
    },
    /** Resolves once all of it has been answered. */
    release: () => Promise.all((late ?? []).map((send) => send())),
  }
}

test('a removal that was given up and arrives late does not take back who came again meanwhile', async () => {
  const redis = await server()
  const proxy = await lateProxy(redis.url)
  const timing = { ...TIMING, lease: 10_000 }
  const a = await enter('a', cluster(proxy.url, { timing }))
  const b = await enter('b', cluster(redis.url, { timing }))
  const alice = info('alice', '1')
  await a.cluster.presence.add('room:1', alice, true)
  proxy.hold()
  await expect(a.cluster.presence.remove('room:1', alice, true)).rejects.toMatchObject({
    name: 'Unavailable',
  })
  await waitFor('new connections', async () => (await a.cluster.health()).ok)
  await waitFor('alice to be put in again', () =>
    a.cluster.presence.add('room:1', alice, true).then(() => true),
  )
  await proxy.release()
  await a.cluster.presence.add('room:1', info('bob', '2'), true)
  expect((await b.cluster.presence.list('room:1')).map(({ user }) => user).sort()).toEqual(['alice', 'bob'])
  await a.cluster.presence.remove('room:1', alice, true)
  expect((await b.cluster.presence.list('room:1')).map(({ user }) => user)).toEqual(['bob'])
})

test('additions that were given up and arrive late, after their removal, are taken back', async () => {
  const redis = await server()
  const proxy = await lateProxy(redis.url)
  const timing = { ...TIMING, lease: 10_000 }
  const a = await enter('a', cluster(proxy.url, { timing }))
  const b = await enter('b', cluster(redis.url, { timing }))
  proxy.hold()
  const added = await Promise.allSettled([
    a.cluster.presence.add('room:1', info('alice', '1'), true),
    a.cluster.sessions.add({ user: 'alice', client: '1', connectedAt: 1 }),
  ])
  expect(added.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  // Of these commands, only removals have to do with the store now.
  const removed = async (): Promise<boolean> => {
    const stats = await redis.command('INFO', 'commandstats')
    return /cmdstat_hget:calls=[1-9]/.test(stats) && /cmdstat_hdel:calls=[2-9]/.test(stats)
  }
  await waitFor('the removals', removed)
  await proxy.release()
  expect((await b.cluster.presence.list('room:1')).map(({ user }) => user)).toEqual(['alice'])
  expect(await b.cluster.sessions.list('alice')).toHaveLength(1)
  await waitFor('nobody to be there', async () => (await b.cluster.presence.list('room:1')).length === 0)
  await waitFor('no session', async () => (await b.cluster.sessions.list('alice')).length === 0)
})

test('more failed removals than can be remembered: the incarnation is given up', async () => {
  const redis = await server({ persistent: true, settings: ['--appendfsync', 'always'] })
  const a = await enter('a', cluster(redis.url, { bounds: { unsettled: 5 } }))
  for (let at = 0; at < 10; at++) await a.cluster.presence.add('room:1', info('alice', `${at}`), true)
  await redis.kill()
  for (let at = 0; at < 10; at++) {
    await expect(a.cluster.presence.remove('room:1', info('alice', `${at}`), true)).rejects.toThrow()
  }
  expect(a.heard.lost).toBe(1)
})

test('what a reaped incarnation wrote before it knew is found by readers and goes too', async () => {
  const redis = await server()
  const a = await node(redis.url, 'a')
  const key = 'skein:{room:1}'
  await redis.command('HSET', `${key}:who:stray`, 'x', '1"zoe"\n{"user":"zoe","client":"x"}')
  await redis.command('SADD', `${key}:who`, 'stray')
  await redis.command('HINCRBY', `${key}:users`, '"zoe"', '1')
  await redis.command('SADD', 'skein:@{stray}:channels', 'room:1')
  await a.cluster.broker.subscribe('room:1')
  expect(await a.cluster.presence.list('room:1')).toEqual([])
  expect(await a.cluster.presence.stats('room:1')).toEqual({ clients: 0, users: 0 })
  await waitFor('the leave', () => a.heard.users('leaves', 'room:1').includes('zoe'))
  await waitFor('the keys to be gone', async () => (await redis.command('KEYS', '*stray*')).startsWith('*0'))
})

test('a node that could not move to its next incarnation is tried where it is, and does not count as deaf', async () => {
  const redis = await server()
  const moving = await node(redis.url, 'moving')
  await redis.kill()
  await expect(moving.cluster.membership.leave()).rejects.toMatchObject({ name: 'Unavailable' })
  await expect(join(moving)).rejects.toMatchObject({ name: 'Unavailable' })
  await redis.start()
  const seen = new Set<string>()
  const ready = async (): Promise<boolean> => {
    const state = await moving.cluster.health()
    if (!state.ok) seen.add(state.reason)
    return state.ok
  }
  await waitFor('the node to be ready', ready)
  expect([...seen].filter((reason) => reason.includes('deliver'))).toEqual([])
  const asked = Array.from({ length: 5 }, ready)
  await join(moving)
  expect(await Promise.all(asked)).toEqual([true, true, true, true, true])
})

test('damaged and foreign messages are counted and dropped', async () => {
  const redis = await server()
  const errors: string[] = []
  const made = cluster(redis.url, { onError: (error) => errors.push(error.message) })
  const a = await enter('a', made)
  await made.broker.subscribe('room:1')
  const uid = made.membership.uid
  const bad = ['', 'x', 'p', 'p1', 'pX:e:{}', 'j', 'j{', 'l5', 'j{"user":1}']
  for (const text of bad) await redis.command('PUBLISH', 'skein:{room:1}', text)
  for (const text of ['@', '@9:x', '@x:y', 'p1:e:{}'])
    await redis.command('PUBLISH', `skein:@node:${uid}`, text)
  for (const text of ['', '{', '5', '{}']) await redis.command('PUBLISH', 'skein:@control', text)
  await made.broker.publish('room:1', envelope('good'), UNKEPT)
  await waitFor('the good one', () => a.heard.envelopes('room:1').length === 1)
  await waitFor('the count', () => made.counters().damaged === bad.length + 8)
  expect([a.heard.joins, a.heard.leaves, a.heard.orders]).toEqual([[], [], []])
  expect(errors.every((error) => error.includes('dropped'))).toBe(true)
})

test('the index that a reaper would walk follows what is there, also while connections come and go', async () => {
  const redis = await server()
  const a = await node(redis.url, 'a')
  const { presence, membership } = a.cluster
  const channels = Array.from({ length: 20 }, (_, at) => `room:${at}`)
  const churn = async (channel: string): Promise<void> => {
    for (const client of ['1', '2', '3']) {
      const gone = presence.remove(channel, info('alice', 'before'), false)
      await Promise.all([presence.add(channel, info('alice', client), false), gone])
      await presence.remove(channel, info('alice', client), false)
    }
  }
  await Promise.all(channels.map(churn))
  await presence.add('room:3', info('alice', 'stays'), false)
  const members = () => redis.command('SMEMBERS', `skein:@{${membership.uid}}:channels`)
  await waitFor('the index', async () => (await members()).startsWith('*1\r\n$6\r\nroom:3\r\n'))
})
