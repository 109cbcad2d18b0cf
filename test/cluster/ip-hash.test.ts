/** nginx's `ip_hash` spreads networks over nodes: one /24 always reaches the same node, different ones reach different nodes. */
import { type NodeProcess, scrape, startCluster, type TestCluster, total } from '@skein/testkit'
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

/** The one node whose count of accepted connections grew. */
async function nodeOf(localAddress: string): Promise<string> {
  const before = await Promise.all(cluster.nodes.map(accepted))
  const client = await cluster.client({ user: 'alice', localAddress })
  const after = await Promise.all(cluster.nodes.map(accepted))
  client.close()
  const grown = cluster.nodes.filter((_, index) => (after[index] ?? 0) > (before[index] ?? 0))
  expect(grown.length).toBe(1)
  return grown[0]?.name ?? ''
}

async function accepted(node: NodeProcess): Promise<number> {
  return total(await scrape(node.internalUrl), 'skein_connections_opened_total')
}
