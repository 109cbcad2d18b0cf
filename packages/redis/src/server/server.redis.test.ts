/** Connections to Redis: a user with few rights, TLS, and a silent Pub/Sub connection. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort, startRedis, startRedisCluster, startSentinel, waitFor } from '@skein/testkit'
import { enter, envelope, info } from '@skein/testkit/contracts'
import { expect, onTestFinished, test } from 'vitest'
import { createRedisCluster, type RedisClusterOptions } from '../index.ts'

const KEPT = { historySize: 10, historyTtl: 60, metaTtl: 120, idempotencyKey: 'k' }

function cluster(options: Omit<RedisClusterOptions, 'name'>) {
  const made = createRedisCluster({ name: 'node', ...options })
  onTestFinished(() => made.close())
  return made
}

/** Uses every port once, from joining to leaving. */
async function useAll(made: ReturnType<typeof cluster>): Promise<void> {
  const { heard } = await enter('node', made)
  const { broker, presence, sessions, control, membership } = made
  await broker.subscribe('room:1')
  await broker.publish('room:1', envelope(1), KEPT)
  await broker.publish('room:1', envelope(2), { ...KEPT, historySize: 0 })
  expect((await broker.history('room:1', { limit: -1, metaTtl: 120 })).offset).toBe(1)
  expect(await broker.positions(['room:1'])).toHaveLength(1)
  await presence.add('room:1', info('alice', '1'), true)
  await sessions.add({ user: 'alice', client: '1', connectedAt: 1 })
  await broker.publish('#alice', envelope(3), { ...KEPT, historySize: 0 })
  expect(await presence.list('room:1')).toHaveLength(1)
  expect(await presence.stats('room:1')).toEqual({ clients: 1, users: 1 })
  expect(await sessions.list('alice')).toHaveLength(1)
  expect(await membership.nodes()).toHaveLength(1)
  await control.send({ op: 'unsubscribe', user: 'u', channel: 'c' })
  await waitFor('all messages', () => heard.orders.length === 1 && heard.envelopes('#alice').length === 1)
  await presence.remove('room:1', info('alice', '1'), true)
  await broker.removeHistory('room:1')
  await broker.unsubscribe('room:1')
  expect(await made.health()).toEqual({ ok: true })
  await membership.leave()
}

/** Rights of an ACL user; the comment in keys.ts names keys and channels. */
const RIGHTS = [
  '~skein:*',
  '&skein:*',
  '-@all',
  ...'+@connection +@pubsub +@hash +@set +@sortedset +@stream +@string +@scripting +time +info'.split(' '),
  ...'+expire +pexpire +exists +del +unlink -@dangerous +info'.split(' '),
]

test('the rights of the documentation suffice, for the own prefix only', async () => {
  const redis = await startRedis()
  onTestFinished(() => redis.stop())
  expect(await redis.command('ACL', 'SETUSER', 'skein', 'on', '>se:cr@t', ...RIGHTS)).toContain('+OK')
  const errors: string[] = []
  const url = redis.url.replace('//', '//skein:se%3Acr%40t@')
  await useAll(cluster({ url, onError: (error) => errors.push(error.message) }))
  expect(errors).toEqual([])
  const other = cluster({ url, prefix: 'other' })
  await expect(other.broker.publish('room:1', envelope(1), KEPT)).rejects.toThrow(/NOPERM|permission/i)
})

test('with a wrong password calls reject, and succeed once it is right', async () => {
  const redis = await startRedis()
  onTestFinished(() => redis.stop())
  await redis.command('ACL', 'SETUSER', 'skein', 'on', '>right', ...RIGHTS)
  const made = cluster({ url: redis.url.replace('//', '//skein:wrong@') })
  await expect(made.broker.publish('room:1', envelope(1), KEPT)).rejects.toThrow(/WRONGPASS/)
  await redis.command('ACL', 'SETUSER', 'skein', '>wrong')
  await waitFor('the connection', async () => (await made.health()).ok)
})

/** A certificate for `localhost` and `127.0.0.1`, in a folder of its own. */
async function certificate(): Promise<{ readonly ca: Buffer; readonly files: readonly string[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'skein-tls-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  const request = '-x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=localhost'
  const names = ['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  await promisify(execFile)('openssl', ['req', ...request.split(' '), ...names, '-keyout', key, '-out', cert])
  const files = ['--tls-cert-file', cert, '--tls-key-file', key, '--tls-ca-cert-file', cert]
  return { ca: await readFile(cert), files: [...files, '--tls-auth-clients', 'no'] }
}

test('rediss:// trusts the given certificate authority only', async () => {
  const { ca, files } = await certificate()
  const tlsPort = await freePort()
  const redis = await startRedis({ settings: ['--tls-port', `${tlsPort}`, ...files] })
  onTestFinished(() => redis.stop())
  const url = `rediss://localhost:${tlsPort}`
  await useAll(cluster({ url, tls: { ca } }))
  const trusting = cluster({ url })
  await expect(trusting.broker.publish('room:1', envelope(1), KEPT)).rejects.toThrow(/self-signed/)
})

test('rediss+cluster:// works with a user of few rights', async () => {
  const { ca, files } = await certificate()
  const ports: number[] = []
  const redis = await startRedisCluster({
    settings: async () => {
      const port = await freePort()
      ports.push(port)
      return ['--tls-port', `${port}`, '--tls-cluster', 'yes', '--tls-replication', 'yes', ...files]
    },
  })
  onTestFinished(() => redis.stop())
  for (const server of redis.servers) {
    await server.command(
      'ACL',
      'SETUSER',
      'skein',
      'on',
      '>secret',
      ...RIGHTS,
      '+cluster|slots',
      '+cluster|info',
    )
  }
  const errors: string[] = []
  const url = `rediss+cluster://skein:secret@127.0.0.1:${ports[0]},127.0.0.1:${ports[1]}`
  await useAll(cluster({ url, tls: { ca }, onError: (error) => errors.push(error.message) }))
  expect(errors).toEqual([])
})

test('redis+sentinel:// works with a user of few rights', async () => {
  const sentinel = await startSentinel({ replicas: 1 })
  onTestFinished(() => sentinel.stop())
  for (const server of sentinel.servers) {
    await server.command('ACL', 'SETUSER', 'skein', 'on', '>secret', ...RIGHTS)
  }
  const errors: string[] = []
  const url = sentinel.url.replace('//', '//skein:secret@')
  await useAll(cluster({ url, onError: (error) => errors.push(error.message) }))
  expect(errors).toEqual([])
})

test('a silent Pub/Sub connection is probed and replaced', async () => {
  const redis = await startRedis()
  const proxy = await silentProxy(redis.port)
  onTestFinished(async () => {
    await proxy.stop()
    await redis.stop()
  })
  const errors: string[] = []
  const timing = { silence: 300, renewal: 100, probe: 300, command: 500 }
  const made = cluster({ url: proxy.url, timing, onError: (error) => errors.push(error.message) })
  const node = await enter('node', made)
  await made.broker.subscribe('room:1')
  const clients = await redis.command('CLIENT', 'LIST')
  const bus = clients.split('\n').find((line) => line.includes('name=skein-node-bus'))
  proxy.silence(Number(/ addr=127\.0\.0\.1:(\d+)/.exec(bus ?? '')?.[1]))
  expect(await made.health()).toMatchObject({ ok: false, reason: expect.stringContaining('Pub/Sub') })
  await waitFor('the restore', () => node.heard.restored === 1)
  await made.broker.publish('room:1', envelope(1), KEPT)
  await waitFor('the publication', () => node.heard.offsets('room:1').includes(1))
  expect(errors.join()).toContain('no longer delivers')
})

test('a subscription that Redis lost is detected and restored', async () => {
  const redis = await startRedis()
  const proxy = await silentProxy(redis.port)
  onTestFinished(async () => {
    await proxy.stop()
    await redis.stop()
  })
  const errors: string[] = []
  const made = cluster({
    url: proxy.url,
    timing: { renewal: 100 },
    onError: (error) => errors.push(error.message),
  })
  const node = await enter('node', made)
  for (const channel of ['room:1', 'room:2']) await made.broker.subscribe(channel)
  const clients = await redis.command('CLIENT', 'LIST')
  const bus = clients.split('\n').find((line) => line.includes('name=skein-node-bus'))
  proxy.inject(Number(/ addr=127\.0\.0\.1:(\d+)/.exec(bus ?? '')?.[1]), 'UNSUBSCRIBE skein:{room:1}\r\n')
  await waitFor('the restore', () => node.heard.restored === 1)
  await made.broker.publish('room:1', envelope(1), KEPT)
  await waitFor('the publication', () => node.heard.offsets('room:1').includes(1))
  expect(errors.join()).toContain('Redis knows 1 subscriptions fewer than it confirmed')
})

/** A TCP proxy. A silenced connection stays open and transfers nothing. */
async function silentProxy(port: number) {
  const far = new Set<Socket>()
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const there = connect(port, '127.0.0.1')
    far.add(there)
    for (const [one, other] of [
      [near, there],
      [there, near],
    ] as const) {
      sockets.add(one)
      one.on('data', (chunk) => other.writable && other.write(chunk))
      one.once('close', () => other.destroy())
      one.once('error', () => other.destroy())
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const bound = server.address()
  return {
    url: `redis://127.0.0.1:${typeof bound === 'object' ? bound?.port : ''}`,
    /** `localPort`: its port at the side of Redis. */
    silence(localPort: number): void {
      for (const socket of far) if (socket.localPort === localPort) socket.removeAllListeners('data').resume()
    },
    /** Sends a command to Redis in the name of the client. */
    inject(localPort: number, text: string): void {
      for (const socket of far) if (socket.localPort === localPort) socket.write(text)
    },
    async stop(): Promise<void> {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
