/**
 * Many clients at once: nodes admit as many as they may, the others reconnect until all are in, and connected
 * clients are not disturbed. `npm run chaos -- --scenario storm` does it with 10,000.
 */
import { freshChannel, scrape, startCluster, type TestCluster, total, waitFor, within } from '@skein/testkit'
import { afterEach, beforeEach, expect, test } from 'vitest'

const CLIENTS = 200
const NODES = 2
const [RATE, BURST, WAIT_MS] = [20, 20, 500]

let cluster: TestCluster
beforeEach(async () => {
  cluster = await startCluster({
    nodes: NODES,
    nginx: true,
    env: {
      SKEIN_HANDSHAKE_RATE: String(RATE),
      SKEIN_HANDSHAKE_BURST: String(BURST),
      SKEIN_HANDSHAKE_WAIT: `${WAIT_MS}ms`,
    },
  })
})
afterEach(() => cluster.stop())

const sum = async (metric: string, labels: Record<string, string> = {}): Promise<number> => {
  const each = await Promise.all(cluster.nodes.map(({ internalUrl }) => scrape(internalUrl)))
  return each.reduce((all, samples) => all + total(samples, metric, labels), 0)
}

test('a storm is admitted at the rate of the nodes until every client is connected', async () => {
  const channel = freshChannel('room')
  const early = await cluster.client({ user: 'early', localAddress: '127.0.250.1' })
  const subscription = await early.subscribe(channel)

  const started = performance.now()
  const clients = Array.from({ length: CLIENTS }, (_, i) =>
    cluster.newClient({
      user: `u${i}`,
      localAddress: `127.0.${(i % 200) + 1}.1`,
      sdk: { minReconnectDelay: 200, maxReconnectDelay: 2000 },
    }),
  )
  for (const { sdk } of clients) sdk.connect()
  // At the rate of both nodes the storm takes four seconds at least: this client is served in the middle of
  // it.
  await cluster.api('publish', { channel, data: 'meanwhile' })
  await subscription.publications.first(1)
  expect(performance.now() - started).toBeLessThan(2500)

  await within('everybody to be in', Promise.all(clients.map(({ sdk }) => sdk.ready(40_000))), 45_000)
  const seconds = (performance.now() - started) / 1000
  const refused = await sum('skein_handshakes_refused_total', { reason: 'rate' })
  expect(refused).toBeGreaterThan(0)
  // Not sooner than the rate allows.
  const opened = await sum('skein_connections_opened_total')
  expect(opened).toBeLessThanOrEqual(NODES * (BURST + RATE * (seconds + 1)))
  expect(seconds).toBeGreaterThan((CLIENTS - NODES * BURST) / (NODES * RATE) - WAIT_MS / 1000 - 0.5)
  await waitFor('all to be counted', async () => (await sum('skein_connections')) === CLIENTS + 1)
  expect(early.count('connecting')).toBe(1)
  expect(cluster.nodes.every((node) => node.running())).toBe(true)
})
