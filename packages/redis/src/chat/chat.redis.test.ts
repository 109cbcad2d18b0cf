/** Chat through several nodes over a real Redis. */
import { type Chat, type ChatLimits, type ChatStorage, createChat, directChannel } from '@skein/chat'
import { DEVICES, faulty, ModelRun, type ModelWorld, NODES, operation, Person } from '@skein/chat/testing'
import { createNode, type SkeinNode } from '@skein/core'
import { pause, startRedis, startRedisCluster, waitFor } from '@skein/testkit'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { createRedisCluster } from '../index.ts'
import { createRedisChatStorage } from './storage.ts'

const LOG = directChannel('ann', 'bob')
const LIMITS: Partial<ChatLimits> = {
  sendBurst: 1000,
  callBurst: 1000,
  callsPerSecond: 1000,
  takeover: 600,
  taskInterval: 100,
}
const clock = { now: Date.now, advance: pause }

let redis: { readonly url: string; stop(): Promise<void> }

interface Running {
  readonly node: SkeinNode
  readonly chat: Chat
  /** Ends the node as a kill does, as far as one process can. */
  kill(): Promise<void>
}

let worlds = 0

async function startNodes(
  count: number,
  storageOf: (storage: ChatStorage, at: number) => ChatStorage = (storage) => storage,
): Promise<Running[]> {
  const prefix = `w${++worlds}`
  return Promise.all(
    Array.from({ length: count }, async (_, at) => {
      const name = `node-${at}`
      const own = createRedisChatStorage({ url: redis.url, prefix, name })
      const cluster = createRedisCluster({ url: redis.url, prefix, name })
      const chat = createChat({ storage: storageOf(own, at), limits: LIMITS })
      const channels = chat.channels({ namespaces: {} })
      const node = createNode({ name, version: '0', cluster, channels, hooks: chat.hooks })
      chat.attach(node)
      await node.start()
      let ended: Promise<void> | undefined
      const end = async (polite: boolean): Promise<void> => {
        await chat.close()
        if (polite) await node.close()
        else await cluster.close()
        await own.close()
      }
      onTestFinished(() => (ended ??= end(true)))
      return { node, chat, kill: () => (ended ??= end(false)) }
    }),
  )
}

const at = (nodes: readonly Running[], index: number): Running => {
  const found = nodes[index]
  if (found === undefined) throw new Error(`there is no node ${index}`)
  return found
}

describe.each([
  ['Redis', startRedis],
  ['a Redis Cluster', startRedisCluster],
] as const)('chat over %s', (_, start) => {
  beforeAll(async () => {
    redis = await start()
  })
  afterAll(() => redis.stop())

  test('a message reaches all devices, also later ones, and a repeated send is one message', async () => {
    const nodes = await startNodes(2)
    const ann = await Person.connect(at(nodes, 0).node, clock, 'ann', 'phone')
    const desk = await Person.connect(at(nodes, 1).node, clock, 'ann', 'desk')
    const bob = await Person.connect(at(nodes, 1).node, clock, 'bob')
    const first = await ann.send({ user: 'bob' }, 'one', { clientId: 'x' })
    expect(await desk.send({ user: 'bob' }, 'one', { clientId: 'x' })).toEqual({ ...first, duplicate: true })
    await waitFor('the message', async () => (await bob.bodies()).length === 1)
    bob.cut()
    await ann.send({ user: 'bob' }, 'two')
    await bob.reconnect(at(nodes, 0).node)
    await ann.send({ user: 'bob' }, 'three')
    await waitFor('the last message', async () => (await bob.bodies()).includes('three'))
    expect(await bob.bodies()).toEqual(['one', 'two', 'three'])
    await waitFor('the other device', async () => (await desk.bodies()).includes('three'))
    expect(await desk.bodies()).toEqual(['one', 'two', 'three'])
    expect(await bob.conversation(LOG)).toMatchObject({ unread: 3 })
  })

  test('removal from a room takes effect at once on every node', async () => {
    const nodes = await startNodes(2)
    const ann = await Person.connect(at(nodes, 0).node, clock, 'ann')
    const bob = await Person.connect(at(nodes, 1).node, clock, 'bob')
    const room = await ann.createRoom('Tea')
    await bob.call('room.join', { room })
    await bob.subscribe(`chat:${room}`)
    await ann.send({ room }, 'hello')
    await waitFor('the message', async () => (await bob.bodies()).includes('hello'))
    await ann.call('room.kick', { room, user: 'bob' })
    await ann.send({ room }, 'among us')
    await ann.send({ user: 'bob' }, 'barrier')
    await waitFor('the barrier', async () => (await bob.bodies()).includes('barrier'))
    expect(await bob.bodies()).toEqual(['hello', 'barrier'])
    await expect(bob.subscribe(`chat:${room}`)).rejects.toMatchObject({ code: 403 })
  })

  test.each([2, 4, 6, 9])('a node that dies at step %i of a send leaves one message', async (step) => {
    const faults: ReturnType<typeof faulty>[] = []
    const nodes = await startNodes(2, (storage, index) => {
      if (index !== 0) return storage
      const fault = faulty(storage, () => undefined)
      faults.push(fault)
      return fault.storage
    })
    const ann = await Person.connect(at(nodes, 0).node, clock, 'ann', 'phone')
    const bob = await Person.connect(at(nodes, 1).node, clock, 'bob', 'phone')
    faults[0]?.dieAfter(step)
    await ann.send({ user: 'bob' }, 'hello', { clientId: 'x' }).catch(() => undefined)
    await at(nodes, 0).kill()
    const again = await Person.connect(at(nodes, 1).node, clock, 'ann', 'desk')
    await again.send({ user: 'bob' }, 'hello', { clientId: 'x' })
    await again.send({ user: 'bob' }, 'barrier')
    await pause(1500) // Longer than the takeover, in which another node would repeat the message.
    await waitFor('the barrier', async () => (await bob.bodies()).includes('barrier'))
    expect((await bob.bodies()).toSorted()).toEqual(['barrier', 'hello'])
    expect(await bob.history(LOG)).toHaveLength(2)
  })

  test('all devices of random users on several nodes end with the same conversation', async () => {
    const nodes = await startNodes(NODES)
    const devices = await Promise.all(
      DEVICES.map(([user, name], index) => Person.connect(at(nodes, index % NODES).node, clock, user, name)),
    )
    const world: ModelWorld = {
      node: (index) => at(nodes, index).node,
      elapse: (ms) => pause(Math.min(ms, 20)),
      lose: () => undefined,
      settle: () => pause(300),
    }
    const run = new ModelRun(world, devices)
    const [operations = []] = fc.sample(fc.array(operation, { minLength: 150, maxLength: 150 }), {
      numRuns: 1,
      seed: 7,
    })
    for (const op of operations) await run.do(op)
    await run.end()
    await waitFor('every device', async () => {
      await run.check()
      return true
    })
  })
})
