/**
 * Nodes with chat over one memory bus and one storage, people with devices, and a clock that tests advance.
 */
import {
  type Cluster,
  createMemoryBus,
  createMemoryCluster,
  createNode,
  type MemoryBus,
  type SkeinNode,
} from '@skein/core'
import { TestClock } from '@skein/core/testing'
import { onTestFinished } from 'vitest'
import { type Chat, type ChatOptions, createChat } from '../chat.ts'
import { createMemoryChatStorage } from '../memory/index.ts'
import type { ChatStorage } from '../ports.ts'
import { Person } from './person.ts'
import { seeded } from './seeded.ts'

export interface WorldNode {
  readonly node: SkeinNode
  readonly chat: Chat
}

export interface World {
  readonly clock: TestClock
  readonly bus: MemoryBus
  readonly storage: ChatStorage
  readonly nodes: readonly WorldNode[]
  /** Reported internal errors; empty at the end of a passing test. */
  readonly errors: unknown[]
  /** The node with this index. */
  node(at: number): SkeinNode
  /** A connected device of `user` on the node with this index. */
  person(user: string, at?: number, device?: string): Promise<Person>
  /** Kills a node: it does nothing more and its lease expires. */
  kill(at: number): Promise<void>
  /** Closes the world before the test ends, for tests with many worlds. */
  stop(): Promise<void>
}

export interface WorldOptions extends Omit<Partial<ChatOptions>, 'clock'> {
  readonly count?: number
  /** Wraps the storage of one node, for faults. */
  readonly storageOf?: (storage: ChatStorage, at: number) => ChatStorage
  /** Wraps the cluster of one node, for faults. */
  readonly clusterOf?: (cluster: Cluster, at: number) => Cluster
}

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const {
    count = 2,
    storageOf = (storage) => storage,
    clusterOf = (cluster) => cluster,
    ...chatOptions
  } = options
  const clock = new TestClock()
  const bus = createMemoryBus()
  const storage = options.storage ?? createMemoryChatStorage(() => clock.now())
  const errors: unknown[] = []
  const nodes = Array.from({ length: count }, (_, at) => {
    const own = { ...chatOptions, storage: storageOf(storage, at), clock, random: seeded(at + 1) }
    const name = `node-${at}`
    return startOne(clusterOf(createMemoryCluster(bus, { name, clock }), at), clock, name, own, errors)
  })
  for (const { node } of nodes) await node.start()
  let stopped: Promise<void> | undefined
  const stop = (): Promise<void> => {
    stopped ??= stopAll(nodes, clock)
    return stopped
  }
  onTestFinished(stop)
  return {
    clock,
    bus,
    storage,
    nodes,
    errors,
    stop,
    node: (at) => pick(nodes, at).node,
    person: (user, at = 0, device = '') => Person.connect(pick(nodes, at).node, clock, user, device),
    kill: async (at) => {
      const { node, chat } = pick(nodes, at)
      bus.cut(node.uid)
      bus.expire(node.uid)
      bus.reap()
      const closing = chat.close()
      await clock.advance(0)
      await closing
    },
  }
}

function startOne(
  cluster: Cluster,
  clock: TestClock,
  name: string,
  options: ChatOptions,
  errors: unknown[],
): WorldNode {
  const chat = createChat(options)
  const node = createNode({
    name,
    version: '0.0.0-test',
    cluster,
    channels: chat.channels({ namespaces: { room: { subscribe: 'anyone', publish: 'anyone' } } }),
    hooks: chat.hooks,
    clock,
    random: () => 0.5,
  })
  node.events.on('internalError', ({ error, where }) => errors.push(`${where}: ${String(error)}`))
  chat.attach(node)
  return { node, chat }
}

async function stopAll(nodes: readonly WorldNode[], clock: TestClock): Promise<void> {
  const closing = Promise.all(nodes.map(close))
  await clock.advance(20_000)
  await closing
}

async function close({ node, chat }: WorldNode): Promise<void> {
  await chat.close()
  await node.close()
}

function pick(nodes: readonly WorldNode[], at: number): WorldNode {
  const found = nodes[at]
  if (found === undefined) throw new Error(`there is no node ${at}`)
  return found
}
