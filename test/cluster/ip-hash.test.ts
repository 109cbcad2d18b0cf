/**
 * nginx's `ip_hash` spreads networks over nodes: one /24 always reaches the same node, different ones reach
 * different nodes.
 */
import { startCluster, type TestCluster } from '@skein/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'

let cluster: TestCluster
beforeAll(async () => {
  cluster = await startCluster({ nodes: 3, nginx: true })
})
afterAll(() => cluster.stop())

test('clients of many networks reach every node, those of one network the same node', async () => {
  const reached = new Map<number, Set<string>>()
  for (let network = 1; network <= 24; network++) {
    const nodes = new Set<string>()
    for (const host of [1, 77, 250]) nodes.add(await nodeOf(`127.0.${network}.${host}`))
    reached.set(network, nodes)
  }

  for (const [network, nodes] of reached) expect([network, nodes.size]).toEqual([network, 1])
  expect(new Set([...reached.values()].flatMap((nodes) => [...nodes])).size).toBe(3)
})

/** The name of the node that answered the connect. */
async function nodeOf(localAddress: string): Promise<string> {
  const client = await cluster.raw({ localAddress })
  const reply = await client.request('connect', { token: cluster.token({ sub: 'alice' }) })
  client.terminate()
  return reply.verb === 'connect' ? (reply.result.node ?? '') : reply.verb
}
