import { CLOSE } from '@skein/protocol'
import { describe, expect, test } from 'vitest'
import { connected } from '../testing/client.ts'
import { settle } from '../testing/clock.ts'
import { startNodes } from '../testing/nodes.ts'

describe('a slow client', () => {
  test('is closed with 3008 above the bound, without effect on others', async () => {
    const { node, clock } = await startNodes({ limits: { outboxBytes: 5000 } })
    const slow = await connected(node, 'slow')
    const fast = await connected(node, 'fast')
    for (const client of [slow, fast]) await client.call('subscribe', { channel: 'feed:a' })
    const overflows: unknown[] = []
    node.events.on('overflow', (event) => overflows.push(event))
    slow.socket.bufferedAmount = 70_000
    const data = JSON.stringify('x'.repeat(1000))
    for (let n = 0; n < 10; n++) {
      await node.publish('feed:a', { data })
      await clock.advance(20)
    }
    expect(slow.socket.closed).toEqual(CLOSE.slow)
    expect(overflows).toMatchObject([{ queue: 'outbox', policy: 'close' }])
    expect(fast.publications('feed:a')).toHaveLength(10)
    await clock.advance(100)
    expect(node.stats().outboxBytes).toBe(0)
  })

  test('receives the waiting publications in order once its socket drains', async () => {
    const { node, clock } = await startNodes()
    const ann = await connected(node, 'ann')
    await ann.call('subscribe', { channel: 'room:a' })
    ann.socket.bufferedAmount = 70_000
    for (let n = 1; n <= 3; n++) await node.publish('room:a', { data: String(n) })
    await clock.advance(100)
    expect(ann.publications('room:a')).toEqual([])
    ann.socket.bufferedAmount = 0
    ann.handle.onDrain()
    expect(ann.publications('room:a')).toEqual(['1:1', '2:2', '3:3'])
  })
})

describe('a full socket', () => {
  const channels = {
    namespaces: {
      feed: { subscribe: 'anyone', publish: 'anyone' },
      cursor: { subscribe: 'anyone', delivery: 'latest' },
      typing: { subscribe: 'anyone', delivery: 'ephemeral' },
    },
  } as const

  test('keeps only the newest publication of each latest channel and sends it last', async () => {
    const { node, clock } = await startNodes({ channels })
    const ann = await connected(node, 'ann')
    for (const channel of ['cursor:a', 'cursor:b', 'feed:a']) await ann.call('subscribe', { channel })
    await clock.advance(50)
    ann.socket.bufferedAmount = 70_000
    for (let n = 1; n <= 5; n++) {
      await node.publish('cursor:a', { data: String(n) })
      await node.publish('cursor:b', { data: String(n * 10) })
    }
    await node.publish('feed:a', { data: '1' })
    await settle()
    ann.socket.bufferedAmount = 0
    ann.handle.onDrain()
    await clock.advance(50)
    expect(ann.publications('cursor:a')).toEqual(['0:5'])
    expect(ann.publications('cursor:b')).toEqual(['0:50'])
    const order = ann.pushes.map((push) => (push.kind === 'pub' ? push.channel : push.kind))
    expect(order).toEqual(['feed:a', 'cursor:a', 'cursor:b'])
  })

  test('drops the oldest ephemeral publications, reports it, and stays open', async () => {
    const { node, clock } = await startNodes({ channels })
    const dropped: unknown[] = []
    node.events.on('overflow', (event) => dropped.push(event))
    const ann = await connected(node, 'ann')
    await ann.call('subscribe', { channel: 'typing:a' })
    await clock.advance(50)
    ann.socket.bufferedAmount = 70_000
    const long = 'x'.repeat(10_000)
    for (let n = 1; n <= 20; n++) await node.publish('typing:a', { data: JSON.stringify(`${n} ${long}`) })
    await settle()
    ann.socket.bufferedAmount = 0
    ann.handle.onDrain()
    await clock.advance(50)
    const got = ann.publications('typing:a').map((text) => Number.parseInt(text.slice(3), 10))
    expect(got).toEqual([15, 16, 17, 18, 19, 20])
    expect(dropped.length).toBe(14)
    expect(ann.socket.closed).toBeUndefined()
  })

  test('receives replies and pings first', async () => {
    const { node, clock } = await startNodes({ channels })
    const ann = await connected(node, 'ann')
    await ann.call('subscribe', { channel: 'feed:a' })
    await clock.advance(50)
    ann.socket.bufferedAmount = 70_000
    await node.publish('feed:a', { data: '1' })
    const reply = ann.call('publish', { channel: 'feed:b', data: '2' })
    await clock.advance(50)
    const before = ann.socket.frames.length
    ann.socket.bufferedAmount = 0
    ann.handle.onDrain()
    await reply
    const texts = ann.socket.frames.slice(before).map((frame) => new TextDecoder().decode(frame.payload))
    expect(texts[0]).toContain('"publish"')
    expect(texts[1]).toContain('"pub"')
  })

  test('that takes nothing for too long is closed with 3008', async () => {
    const { node, clock } = await startNodes({ channels, limits: { slowTimeout: 1000, pingInterval: 0 } })
    const ann = await connected(node, 'ann')
    await ann.call('subscribe', { channel: 'feed:a' })
    await clock.advance(50)
    ann.socket.bufferedAmount = 70_000
    await node.publish('feed:a', { data: '1' })
    await clock.advance(1500)
    expect(ann.socket.closed).toBeUndefined()
    await node.publish('feed:a', { data: '2' })
    await settle()
    expect(ann.socket.closed).toEqual(CLOSE.slow)
  })
})
