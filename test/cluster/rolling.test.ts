/**
 * A rolling update under load: the nodes get SIGTERM and are started again, one after the other, with clients
 * of the official SDK with its own default delays, through nginx. `npm run chaos -- --scenario
 * rolling-restart` is the long form.
 */
import {
  freshChannel,
  type NodeProcess,
  pause,
  scrape,
  spawnNode,
  startCluster,
  type TestClient,
  type TestCluster,
  type TestSubscription,
  total,
  untilReady,
  waitFor,
  within,
} from '@skein/testkit'
import { afterEach, beforeEach, expect, test } from 'vitest'

const CLIENTS = 90
const CHANNELS = 3
const [RATE, BURST] = [30, 30]
const WINDOW_MS = 3000
const GRACE_MS = 10_000
/** The SDK's own; the testkit's are shorter. */
const SDK_DELAYS = { minReconnectDelay: 500, maxReconnectDelay: 20_000 }

let cluster: TestCluster
/** Nodes that run now. */
let nodes: NodeProcess[] = []
beforeEach(async () => {
  cluster = await startCluster({
    nodes: 3,
    nginx: true,
    env: {
      SKEIN_DRAIN_WINDOW: `${WINDOW_MS}ms`,
      SKEIN_GRACE_PERIOD: `${GRACE_MS}ms`,
      SKEIN_HANDSHAKE_RATE: String(RATE),
      SKEIN_HANDSHAKE_BURST: String(BURST),
    },
  })
  nodes = [...cluster.nodes]
})
afterEach(async () => {
  await Promise.all(nodes.map((node) => node.stop()))
  await cluster.stop()
})

/**
 * Publishes to one channel after the other by any node that replies; a retry carries the same key, and is the
 * same publication.
 */
function publishing(channels: readonly string[]): { stop(): Promise<Map<string, number[]>> } {
  let going = true
  const acknowledged = new Map<string, number[]>(channels.map((channel) => [channel, []]))
  const run = async (): Promise<void> => {
    for (let id = 1; going; id++) {
      const channel = channels[id % channels.length] ?? ''
      await waitFor('a publication to be taken', () => publish(channel, id), 10_000)
      acknowledged.get(channel)?.push(id)
      await pause(5)
    }
  }
  const done = run()
  return {
    stop: async () => {
      going = false
      await done
      return acknowledged
    },
  }
}

async function publish(channel: string, id: number): Promise<boolean> {
  const at = nodes.findIndex((node) => node.running())
  await cluster.api('publish', { channel, data: id, idempotency_key: `${channel}/${id}` }, (at + id) % 3)
  return true
}

/** Milliseconds of each period without a connection. */
function absences({ sdk }: TestClient): number[] {
  const found: number[] = []
  let since: number | undefined
  sdk.on('connecting', () => {
    since = performance.now()
  })
  sdk.on('connected', () => {
    if (since !== undefined) found.push(performance.now() - since)
    since = undefined
  })
  return found
}

const percentile = (numbers: readonly number[], share: number): number =>
  [...numbers].sort((a, b) => a - b)[Math.max(0, Math.ceil(numbers.length * share) - 1)] ?? 0

/** Samples the served handshakes of each node; returns the greatest excess over its limit. */
function watchingHandshakes(): { stop(): Promise<number> } {
  let going = true
  let worst = Number.NEGATIVE_INFINITY
  const seen = new Map<number, { at: number; count: number }[]>()
  const look = async (node: NodeProcess): Promise<void> => {
    const samples = await scrape(node.internalUrl).catch(() => undefined)
    if (samples === undefined) return // it ends just now
    const looks = seen.get(node.pid) ?? []
    const now = { at: performance.now(), count: total(samples, 'skein_connections_opened_total') }
    for (const { at, count } of looks)
      worst = Math.max(worst, now.count - count - (BURST + ((now.at - at) / 1000) * RATE))
    seen.set(node.pid, [...looks, now])
  }
  const run = async (): Promise<void> => {
    while (going) {
      await Promise.all(nodes.map(look))
      await pause(200)
    }
  }
  const done = run()
  return {
    stop: async () => {
      going = false
      await done
      return worst
    },
  }
}

/** SIGTERM, the exit, and a successor at the same address. Returns the duration of the exit, ms. */
async function restart(index: number): Promise<number> {
  const old = nodes[index]
  if (old === undefined) throw new Error(`no node ${index}`)
  const started = performance.now()
  old.kill('SIGTERM')
  const { code } = await within(`${old.name} to end`, old.exited, GRACE_MS)
  const took = performance.now() - started
  expect(code, old.logs()).toBe(0)
  expect(old.logs()).not.toContain('the drain is late')
  const again = await spawnNode(old.name, {
    ...cluster.env,
    SKEIN_NODE_NAME: old.name,
    SKEIN_PORT: new URL(old.publicUrl).port,
    SKEIN_INTERNAL_PORT: new URL(old.internalUrl).port,
  })
  nodes[index] = again
  await untilReady(again)
  return took
}

test('loses nothing, keeps outages of clients short, and overloads no node', async () => {
  const channels = Array.from({ length: CHANNELS }, () => freshChannel('room'))
  const gone: number[][] = []
  const subscriptions: TestSubscription[] = []
  for (let i = 0; i < CLIENTS; i++) {
    const client = await cluster.client({ user: `u${i}`, localAddress: `127.0.${i + 1}.1`, sdk: SDK_DELAYS })
    gone.push(absences(client))
    subscriptions.push(await client.subscribe(channels[i % CHANNELS] ?? ''))
  }
  const flow = publishing(channels)
  const handshakes = watchingHandshakes()
  await pause(500)

  for (const index of [0, 1, 2]) {
    const took = await restart(index)
    expect(took).toBeGreaterThan(WINDOW_MS * 0.8)
    expect(took).toBeLessThan(GRACE_MS * 0.8)
  }

  const excess = await handshakes.stop()
  const acknowledged = await flow.stop()
  for (const { publications, sdk } of subscriptions) {
    const sent = acknowledged.get(sdk.channel) ?? []
    await publications.first(sent.length)
    expect(publications.all.map(({ data }) => data)).toEqual(sent)
  }
  const all = gone.flat()
  expect(all.length).toBeGreaterThan(CLIENTS / 2)
  expect(percentile(all, 0.99)).toBeLessThan(2000)
  expect(excess).toBeLessThanOrEqual(1)
})
