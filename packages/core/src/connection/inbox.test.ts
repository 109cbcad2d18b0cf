import type { Command } from '@skein/protocol'
import { codecOf } from '@skein/protocol'
import { describe, expect, it, test } from 'vitest'
import { createMemoryBus, createMemoryCluster } from '../memory/index.ts'
import { createNode } from '../node/node.ts'
import type { NodeOptions } from '../node-api.ts'
import type { Broker, PublishResult } from '../ports.ts'
import { connected, type TestClient } from '../testing/client.ts'
import { settle, TestClock } from '../testing/clock.ts'
import { CHANNELS, startNodes } from '../testing/nodes.ts'

const codec = codecOf('json')
const DONE: PublishResult = { offset: 0, epoch: '', duplicate: false }

/** A node whose broker answers a publish when the test calls `answers`. */
async function start(options: Partial<NodeOptions> = {}) {
  const clock = new TestClock()
  const cluster = createMemoryCluster(createMemoryBus(), { name: 'n', clock })
  const asked: string[] = []
  const answers: (() => void)[] = []
  const broker: Broker = Object.create(cluster.broker, {
    publish: {
      value: (channel: string) => {
        asked.push(channel)
        return new Promise<PublishResult>((resolve) => answers.push(() => resolve(DONE)))
      },
    },
  })
  const held = Object.create(cluster, { broker: { value: broker } }) as typeof cluster
  const node = createNode({ name: 'n', version: '0', cluster: held, channels: CHANNELS, clock, ...options })
  await node.start()
  return { client: await connected(node, 'alice'), asked, answers }
}

const publish = (id: number, channel = `feed:${id}`) =>
  ({ id, verb: 'publish', request: { channel, data: '1' } }) as const

function send(client: TestClient, commands: readonly Command[]): void {
  client.raw(codec.join(commands.map((command) => codec.encodeCommand(command))))
}

/** Ids of the replies since connect, in order; `!`: an error. */
function replied(client: TestClient): string[] {
  return client.socket.frames
    .flatMap(({ payload }) => codec.decodeReplies(payload).messages)
    .flatMap((message) => (message.kind === 'reply' ? [message.reply] : []))
    .filter(({ id }) => id > 1)
    .map(({ id, verb }) => (verb === 'error' ? `${id}!` : `${id}`))
}

describe('the inbox', () => {
  it('runs publishes in a row concurrently and answers them in order', async () => {
    const { client, asked, answers } = await start()
    send(client, [publish(2), publish(3), publish(4)])
    await settle()
    expect(asked).toEqual(['feed:2', 'feed:3', 'feed:4'])
    for (const answer of answers.toReversed()) {
      answer()
      await settle()
    }
    expect(replied(client)).toEqual(['2', '3', '4'])
  })

  it('answers a rejected publish after the ones before it', async () => {
    const { client, answers } = await start()
    send(client, [publish(2), publish(3, 'nowhere:x'), publish(4)])
    await settle()
    expect(replied(client)).toEqual([])
    for (const answer of answers) answer()
    await settle()
    expect(replied(client)).toEqual(['2', '3!', '4'])
  })

  it('begins any other command once the publishes before it are answered', async () => {
    const { client, asked, answers } = await start()
    const subscribe = { id: 3, verb: 'subscribe', request: { channel: 'feed:x' } } as const
    send(client, [publish(2), subscribe, publish(4)])
    await settle()
    expect(asked).toEqual(['feed:2'])
    expect(replied(client)).toEqual([])
    answers[0]?.()
    await settle()
    expect(asked).toEqual(['feed:2', 'feed:4'])
    answers[1]?.()
    await settle()
    expect(replied(client)).toEqual(['2', '3', '4'])
  })

  it('runs publishes concurrently if the hook decides synchronously', async () => {
    const { client, asked } = await start({ hooks: { onPublish: () => undefined } })
    send(client, [publish(2), publish(3), publish(4)])
    await settle()
    expect(asked).toEqual(['feed:2', 'feed:3', 'feed:4'])
  })

  it('begins no publish while the hook of the one before it is pending', async () => {
    const slow = Promise.withResolvers<undefined>()
    const { client, asked, answers } = await start({
      hooks: { onPublish: (_client, { channel }) => (channel === 'feed:3' ? slow.promise : undefined) },
    })
    send(client, [publish(2), publish(3), publish(4)])
    await settle()
    expect(asked).toEqual(['feed:2'])
    slow.resolve(undefined)
    await settle()
    expect(asked).toEqual(['feed:2', 'feed:3'])
    for (const answer of answers) answer()
    await settle()
    expect(asked).toEqual(['feed:2', 'feed:3', 'feed:4'])
  })

  it('runs one publish at a time if the hook is asynchronous', async () => {
    const { client, asked, answers } = await start({ hooks: { onPublish: async () => ({ allow: true }) } })
    send(client, [publish(2), publish(3)])
    await settle()
    expect(asked).toEqual(['feed:2'])
    answers[0]?.()
    await settle()
    expect(asked).toEqual(['feed:2', 'feed:3'])
  })

  it('runs at most 64 publishes concurrently', async () => {
    const { client, asked, answers } = await start()
    send(
      client,
      Array.from({ length: 100 }, (_, n) => publish(n + 2)),
    )
    await settle()
    expect(asked).toHaveLength(64)
    for (const answer of answers.splice(0)) answer()
    await settle()
    expect(asked).toHaveLength(100)
  })
})

test('reading pauses while too many commands wait, and no command is lost', async () => {
  const { node, clock } = await startNodes({ limits: { inboxCommands: 10 } })
  const ann = await connected(node, 'ann')
  await ann.call('subscribe', { channel: 'room:a' })
  const commands = Array.from({ length: 100 }, (_, i) =>
    codec.encodeCommand({ id: 1000 + i, verb: 'publish', request: { channel: 'room:a', data: String(i) } }),
  )
  ann.raw(codec.join(commands))
  expect(ann.socket.paused).toBe(true)
  await clock.advance(100)
  expect(ann.socket.paused).toBe(false)
  expect(ann.publications('room:a')).toEqual(Array.from({ length: 100 }, (_, i) => `${i + 1}:${i}`))
})
