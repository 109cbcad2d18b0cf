import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { waitFor } from '@skein/testkit'
import { enter, info } from '@skein/testkit/contracts'
import { expect, onTestFinished, test } from 'vitest'
import type { RedisCluster } from '../index.ts'
import {
  assertServes,
  createCluster,
  DURABLE,
  enterNode,
  SHORT_TIMING,
  startServer,
} from '../testing/servers.ts'

test('a failed removal succeeds when the caller retries it', async () => {
  const redis = await startServer(DURABLE)
  const [a, b] = [await enterNode(redis.url, 'a'), await enterNode(redis.url, 'b')]
  await b.cluster.broker.subscribe('room:1')
  await a.cluster.presence.add('room:1', info('alice', '1'), true)
  await a.cluster.presence.add('room:1', info('bob', '2'), true)
  await a.cluster.sessions.add({ user: 'alice', client: '1', connectedAt: 1 })
  await redis.kill()
  await expect(a.cluster.presence.remove('room:1', info('alice', '1'), true)).rejects.toThrow()
  await expect(a.cluster.presence.remove('room:1', info('bob', '2'), true)).rejects.toThrow()
  await expect(a.cluster.sessions.remove('alice', '1')).rejects.toThrow()
  await redis.start()
  await waitFor('connections', () => assertServes(a.cluster))
  await waitFor('bob', () => a.cluster.presence.add('room:1', info('bob', '2'), true).then(() => true))
  await a.cluster.presence.remove('room:1', info('alice', '1'), true)
  await a.cluster.sessions.remove('alice', '1')
  await waitFor('alice to be gone', async () => {
    const there = await b.cluster.presence.list('room:1')
    return there.length === 1 && there[0]?.user === 'bob'
  })
  await waitFor('her session to be gone', async () => (await b.cluster.sessions.list('alice')).length === 0)
  expect((a.cluster as RedisCluster).counters().pendingRemovals).toBe(0)
})

/** A proxy of Redis. While it is held, commands of old connections wait behind those of new ones. */
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
    /** Sends the delayed commands; resolves once Redis has replied to all. */
    release: () => Promise.all((late ?? []).map((send) => send())),
  }
}

test('a late removal does not remove an entry that was added again', async () => {
  const redis = await startServer()
  const proxy = await lateProxy(redis.url)
  const timing = { ...SHORT_TIMING, lease: 10_000 }
  const a = await enter('a', createCluster(proxy.url, { timing }))
  const b = await enter('b', createCluster(redis.url, { timing }))
  const alice = info('alice', '1')
  await a.cluster.presence.add('room:1', alice, true)
  proxy.hold()
  await expect(a.cluster.presence.remove('room:1', alice, true)).rejects.toMatchObject({
    name: 'Unavailable',
  })
  await waitFor('new connections', async () => (await a.cluster.health()).ok)
  await waitFor('the second addition of alice', () =>
    a.cluster.presence.add('room:1', alice, true).then(() => true),
  )
  await proxy.release()
  await a.cluster.presence.add('room:1', info('bob', '2'), true)
  expect((await b.cluster.presence.list('room:1')).map(({ user }) => user).sort()).toEqual(['alice', 'bob'])
  await a.cluster.presence.remove('room:1', alice, true)
  expect((await b.cluster.presence.list('room:1')).map(({ user }) => user)).toEqual(['bob'])
})

test('late additions are removed again', async () => {
  const redis = await startServer()
  const proxy = await lateProxy(redis.url)
  const timing = { ...SHORT_TIMING, lease: 10_000 }
  const a = await enter('a', createCluster(proxy.url, { timing }))
  const b = await enter('b', createCluster(redis.url, { timing }))
  proxy.hold()
  const added = await Promise.allSettled([
    a.cluster.presence.add('room:1', info('alice', '1'), true),
    a.cluster.sessions.add({ user: 'alice', client: '1', connectedAt: 1 }),
  ])
  expect(added.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  // Only removals cause these commands now.
  const removed = async (): Promise<boolean> => {
    const stats = await redis.command('INFO', 'commandstats')
    return /cmdstat_hget:calls=[1-9]/.test(stats) && /cmdstat_hdel:calls=[2-9]/.test(stats)
  }
  await waitFor('the removals', removed)
  await proxy.release()
  expect((await b.cluster.presence.list('room:1')).map(({ user }) => user)).toEqual(['alice'])
  expect(await b.cluster.sessions.list('alice')).toHaveLength(1)
  await waitFor('an empty channel', async () => (await b.cluster.presence.list('room:1')).length === 0)
  await waitFor('no session', async () => (await b.cluster.sessions.list('alice')).length === 0)
})

test('with too many pending removals the node gives up its incarnation', async () => {
  const redis = await startServer()
  const a = await enter('a', createCluster(redis.url, { bounds: { pendingRemovals: 5 } }))
  redis.freeze()
  const added = await Promise.allSettled(
    Array.from({ length: 10 }, (_, at) => a.cluster.presence.add('room:1', info('alice', `${at}`), true)),
  )
  expect(added.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 'rejected'))
  expect(a.heard.lost).toBe(1)
})
