/**
 * Three nodes become six behind `least_conn`: the old ones shed their surplus until all have about as many
 * connections, and no client misses a message. `npm run chaos -- --scenario scale-out` is the long form.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  freePort,
  freshChannel,
  type NodeProcess,
  pause,
  scrape,
  spawnNode,
  startCluster,
  startNginx,
  type TestSubscription,
  total,
  untilReady,
  waitFor,
} from '@skein/testkit'
import { expect, onTestFinished, test } from 'vitest'

const CLIENTS = 180
const CHANNELS = 3
const SHED_RATE = 30
const ENV = {
  SKEIN_REBALANCE: 'on',
  SKEIN_REBALANCE_INTERVAL: '2s',
  SKEIN_REBALANCE_SETTLE: '3s',
  SKEIN_SHED_RATE: String(SHED_RATE),
}

/** Standard deviation by mean. */
function variation(counts: readonly number[]): number {
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length
  const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / counts.length
  return Math.sqrt(variance) / mean
}

const sumOf = async (nodes: readonly NodeProcess[], metric: string): Promise<number[]> =>
  Promise.all(nodes.map(async ({ internalUrl }) => total(await scrape(internalUrl), metric)))

test('moves the surplus of three nodes to three new ones, at a pace, without a loss', async () => {
  const cluster = await startCluster({ nodes: 3, env: ENV })
  onTestFinished(() => cluster.stop())
  const ports = await Promise.all([freePort(), freePort(), freePort()])
  const folder = await mkdtemp(join(tmpdir(), 'skein-rebalance-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const future = ports.map((port) => ({ publicUrl: `http://127.0.0.1:${port}` }) as NodeProcess)
  const nginx = await startNginx([...cluster.nodes, ...future], folder, { policy: 'least-conn' })
  onTestFinished(() => nginx.stop().then(() => undefined))

  const channels = Array.from({ length: CHANNELS }, () => freshChannel('room'))
  const subscriptions: TestSubscription[] = []
  const moves: number[] = []
  for (let i = 0; i < CLIENTS; i++) {
    const client = await cluster.client({ user: `u${i}`, url: nginx.wsUrl })
    client.sdk.on('connecting', ({ code }) => moves.push(code))
    subscriptions.push(await client.subscribe(channels[i % CHANNELS] ?? ''))
  }
  expect(await sumOf(cluster.nodes, 'skein_connections')).toEqual([60, 60, 60])

  const newcomers = await Promise.all(
    ports.map((port, at) => {
      const name = `node-${3 + at}`
      return spawnNode(name, { ...cluster.env, SKEIN_NODE_NAME: name, SKEIN_PORT: String(port) })
    }),
  )
  onTestFinished(() => Promise.all(newcomers.map((node) => node.stop())).then(() => undefined))
  await Promise.all(newcomers.map((node) => untilReady(node)))
  const all = [...cluster.nodes, ...newcomers]

  const sent = new Map<string, number[]>(channels.map((channel) => [channel, []]))
  const started = performance.now()
  let id = 0
  await waitFor(
    'all nodes to have about as many connections',
    async () => {
      for (const channel of channels) {
        await cluster.api('publish', { channel, data: ++id })
        sent.get(channel)?.push(id)
      }
      await pause(50)
      const counts = await sumOf(all, 'skein_connections')
      return counts.reduce((sum, count) => sum + count, 0) === CLIENTS && variation(counts) < 0.1
    },
    45_000,
  )
  const seconds = (performance.now() - started) / 1000

  for (const { publications, sdk } of subscriptions) {
    const wanted = sent.get(sdk.channel) ?? []
    await publications.first(wanted.length)
    expect(publications.all.map(({ data }) => data)).toEqual(wanted)
  }
  // Half of them had to move, each once, and not all at once.
  expect(moves.length).toBeGreaterThanOrEqual(75)
  expect(moves.length).toBeLessThanOrEqual(105)
  expect(new Set(moves)).toEqual(new Set([3011]))
  expect(seconds).toBeGreaterThan(moves.length / SHED_RATE)
  const shed = await sumOf(all, 'skein_connections_shed_total')
  expect(shed.reduce((sum, count) => sum + count, 0)).toBe(moves.length)
  expect(await sumOf(all, 'skein_rebalance_futile_total')).toEqual(Array(6).fill(0))
})
