/** Nodes over one memory bus, with the namespaces of the tests. */
import { onTestFinished } from 'vitest'
import { createMemoryBus, createMemoryCluster, type MemoryBus } from '../memory/index.ts'
import type { ChannelsConfig } from '../namespaces/namespaces.ts'
import { createNode } from '../node/node.ts'
import type { NodeOptions, SkeinNode } from '../node-api.ts'
import { TestClock } from './clock.ts'

export const CHANNELS: ChannelsConfig = {
  namespaces: {
    room: {
      historySize: 100,
      historyTtl: 3600,
      recovery: true,
      presence: true,
      joinLeave: true,
      subscribe: 'anyone',
      publish: 'subscriber',
    },
    news: { historySize: 10, historyTtl: 3600, recovery: true, subscribe: 'anyone', publish: 'server' },
    feed: { subscribe: 'anyone', publish: 'anyone' },
    secret: { subscribe: 'token' },
  },
  withoutNamespace: { subscribe: 'anyone', publish: 'anyone' },
}

export interface TestNodes {
  readonly nodes: readonly SkeinNode[]
  readonly node: SkeinNode
  readonly other: SkeinNode
  readonly bus: MemoryBus
  readonly clock: TestClock
}

/** Starts `count` nodes, which close when the test ends. */
export async function startNodes(options: Partial<NodeOptions> = {}, count = 2): Promise<TestNodes> {
  const clock = new TestClock()
  const bus = createMemoryBus()
  const nodes = Array.from({ length: count }, (_, i) =>
    createNode({
      name: `node-${i}`,
      version: '0.0.0-test',
      cluster: createMemoryCluster(bus, { name: `node-${i}`, clock }),
      channels: CHANNELS,
      clock,
      random: () => 0.5,
      ...options,
    }),
  )
  for (const node of nodes) await node.start()
  onTestFinished(async () => {
    const closing = Promise.all(nodes.map((node) => node.close()))
    await clock.advance(10_000)
    await closing
  })
  const [node, other = node] = nodes
  if (node === undefined || other === undefined) throw new Error('at least one node')
  return { nodes, node, other, bus, clock }
}
