/** The drain of a node with a long window. */
import { startCluster, type TestCluster, within } from '@skein/testkit'
import { afterEach, beforeEach, expect, test } from 'vitest'

/** Longer than Fastify waits for a hook (`pluginTimeout`, 10 s), which must not end a drain. */
const WINDOW_MS = 11_000
const CLIENTS = 12

let cluster: TestCluster
beforeEach(async () => {
  cluster = await startCluster({ nodes: 2, env: { SKEIN_DRAIN_WINDOW: `${WINDOW_MS}ms` } })
})
afterEach(() => cluster.stop())

test('a drain uses its whole window, closes every connection for reconnect, and exits with 0', async () => {
  const going = cluster.node(0)
  const clients = await Promise.all(
    Array.from({ length: CLIENTS }, (_, at) => cluster.client({ node: 0, user: `u${at}` })),
  )
  const began = performance.now()
  going.kill('SIGTERM')
  expect(await within('the end of the node', going.exited, WINDOW_MS + 10_000)).toMatchObject({ code: 0 })
  expect(performance.now() - began).toBeGreaterThan(WINDOW_MS * 0.9)
  const codes = await Promise.all(clients.map(async ({ closes }) => (await closes.first(1))[0]?.code))
  expect(codes).toEqual(Array.from({ length: CLIENTS }, () => 3001))
})
