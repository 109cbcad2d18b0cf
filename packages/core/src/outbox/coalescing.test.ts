import { describe, expect, test } from 'vitest'
import { connected } from '../testing/client.ts'
import { settle } from '../testing/clock.ts'
import { startNodes } from '../testing/nodes.ts'

describe('coalescing', () => {
  test('a quiet socket receives the first publication at once and those of the window in one frame', async () => {
    const { node, clock } = await startNodes()
    const ann = await connected(node, 'ann')
    await ann.call('subscribe', { channel: 'feed:a' })
    await clock.advance(50)
    const before = ann.socket.frames.length
    for (let n = 1; n <= 5; n++) await node.publish('feed:a', { data: String(n) })
    await settle()
    expect(ann.publications('feed:a')).toEqual(['0:1'])
    await clock.advance(50)
    expect(ann.publications('feed:a')).toEqual(['0:1', '0:2', '0:3', '0:4', '0:5'])
    expect(ann.socket.frames.length - before).toBe(2)
  })

  test('subscribers of the same channel share the same frames', async () => {
    const { node, clock } = await startNodes()
    const clients = await Promise.all(['ann', 'bob', 'eve'].map((user) => connected(node, user)))
    for (const client of clients) await client.call('subscribe', { channel: 'feed:a' })
    await clock.advance(50)
    for (let n = 1; n <= 5; n++) await node.publish('feed:a', { data: String(n) })
    await clock.advance(50)
    const lasts = clients.map((client) => client.socket.frames.at(-1))
    expect(new Set(lasts).size).toBe(1)
    expect(new Set(clients.map((client) => client.socket.frames.at(-2))).size).toBe(1)
  })

  test('frames that wait for a connection are written before it closes within a fan-out', async () => {
    const { node, clock } = await startNodes()
    const [ann, bob] = [await connected(node, 'ann'), await connected(node, 'bob')]
    for (const client of [ann, bob]) await client.call('subscribe', { channel: 'feed:a' })
    await clock.advance(50)
    await node.publish('feed:a', { data: '1' })
    await node.publish('feed:a', { data: '2' })
    await settle()
    expect(ann.publications('feed:a')).toEqual(['0:1'])
    const atClose: string[] = []
    ann.socket.onClose = () => atClose.push(...ann.publications('feed:a'))
    // Bytes, which no JSON connection can receive.
    await node.publish('feed:a', { data: new Uint8Array([0xff, 0]) })
    await settle()
    expect(ann.socket.closed?.code).toBe(3506)
    expect(atClose).toEqual(['0:1', '0:2'])
  })

  test('a reply does not wait', async () => {
    const { node } = await startNodes()
    const ann = await connected(node, 'ann')
    for (let n = 0; n < 5; n++) await ann.call('publish', { channel: 'feed:a', data: String(n) })
  })
})

describe('a publisher that is subscribed', () => {
  test.each(['room:a', 'feed:a'])(
    'to %s receives its publication and the reply in one frame if the publication arrives first',
    async (channel) => {
      const { node, clock } = await startNodes()
      const ann = await connected(node, 'ann')
      await ann.call('subscribe', { channel })
      await clock.advance(50)
      const before = ann.socket.frames.length
      await ann.call('publish', { channel, data: '1' })
      await clock.advance(50)
      expect(ann.publications(channel)).toHaveLength(1)
      expect(ann.socket.frames.length - before).toBe(1)
    },
  )

  test('receives the reply at once if the publication is late', async () => {
    const { node, bus, clock } = await startNodes()
    const ann = await connected(node, 'ann')
    await ann.call('subscribe', { channel: 'feed:a' })
    await clock.advance(50)
    bus.hold()
    await ann.call('publish', { channel: 'feed:a', data: '1' })
    expect(ann.publications('feed:a')).toEqual([])
    bus.release()
    await clock.advance(50)
    expect(ann.publications('feed:a')).toHaveLength(1)
  })
})

describe('a window', () => {
  async function busy() {
    const { node, clock } = await startNodes({ limits: { writeDelay: 10 } })
    const ann = await connected(node, 'ann')
    await ann.call('subscribe', { channel: 'feed:a' })
    await clock.advance(50)
    const publish = async (): Promise<void> => {
      await node.publish('feed:a', { data: '1' })
      await settle()
    }
    const got = (): number => ann.publications('feed:a').length
    await publish()
    expect(got()).toBe(1)
    return { clock, publish, got }
  }

  test('collects publications that arrive soon after a write', async () => {
    const { clock, publish, got } = await busy()
    await clock.advance(7)
    await publish()
    expect(got()).toBe(1)
    await clock.advance(2)
    // A publication behind a waiting one waits, too.
    await publish()
    expect(got()).toBe(1)
    await clock.advance(1)
    expect(got()).toBe(3)
  })

  test('does not delay a publication after one that waited alone', async () => {
    const { clock, publish, got } = await busy()
    await clock.advance(5)
    await publish()
    expect(got()).toBe(1)
    await clock.advance(5)
    expect(got()).toBe(2)
    await clock.advance(1)
    await publish()
    expect(got()).toBe(3)
  })

  test('does not delay publications that arrive about once a window', async () => {
    const { clock, publish, got } = await busy()
    for (let count = 2; count < 10; count++) {
      await clock.advance(9)
      await publish()
      expect(got()).toBe(count)
    }
  })
})

describe('the write delay of a namespace', () => {
  const channels = {
    namespaces: {
      feed: { subscribe: 'anyone' },
      slow: { subscribe: 'anyone', writeDelay: 100 },
      now: { subscribe: 'anyone', writeDelay: 0 },
    },
  } as const

  async function subscribed() {
    const nodes = await startNodes({ channels, limits: { writeDelay: 10 } })
    const ann = await connected(nodes.node, 'ann')
    for (const channel of ['feed:a', 'slow:a', 'now:a']) await ann.call('subscribe', { channel })
    await nodes.clock.advance(200)
    const publish = async (channel: string, count: number): Promise<number> => {
      const before = ann.socket.frames.length
      for (let n = 1; n <= count; n++) await nodes.node.publish(channel, { data: String(n) })
      await settle()
      return ann.socket.frames.length - before
    }
    return { ...nodes, ann, publish }
  }

  test('replaces the delay of the node', async () => {
    const { ann, clock, publish } = await subscribed()
    expect(await publish('slow:a', 3)).toBe(1)
    await clock.advance(99)
    expect(ann.publications('slow:a')).toHaveLength(1)
    await clock.advance(1)
    expect(ann.publications('slow:a')).toHaveLength(3)
  })

  test('of 0 writes each publication by itself', async () => {
    const { publish } = await subscribed()
    expect(await publish('now:a', 3)).toBe(3)
  })

  test('does not delay other channels: waiting frames leave with the first that must, in order', async () => {
    const { ann, clock, publish } = await subscribed()
    expect(await publish('slow:a', 2)).toBe(1)
    expect(await publish('feed:a', 1)).toBe(0)
    await clock.advance(10)
    expect(ann.pushes.map((push) => push.kind === 'pub' && push.channel)).toEqual([
      'slow:a',
      'slow:a',
      'feed:a',
    ])
    expect(await publish('slow:a', 2)).toBe(1)
    expect(await publish('now:a', 1)).toBe(1)
    expect(ann.pushes.slice(3).map((push) => push.kind === 'pub' && push.channel)).toEqual([
      'slow:a',
      'slow:a',
      'now:a',
    ])
  })
})
