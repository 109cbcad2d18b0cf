import { encodeEnvelope } from '@skein/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createMemoryBus, createMemoryCluster } from '../memory/index.ts'
import { createNode } from '../node/node.ts'
import { connected, shown, type TestClient } from '../testing/client.ts'
import { settle, TestClock } from '../testing/clock.ts'
import { CHANNELS, startNodes } from '../testing/nodes.ts'

describe('a subscription begins', () => {
  test('at the top of the stream, with its epoch', async () => {
    const { node } = await startNodes()
    const ann = await connected(node, 'ann')
    const { offset } = await node.publish('room:a', { data: '1' })
    const result = await ann.call('subscribe', { channel: 'room:a' })
    expect(result).toMatchObject({ recoverable: true, positioned: true, offset })
    expect(result.epoch).toMatch(/.+/)
    expect(result.publications).toBeUndefined()
  })

  test('with the missed publications, on another node', async () => {
    const { node, other, clock } = await startNodes()
    const ann = await connected(node, 'ann')
    const { epoch = '', offset = 0 } = await ann.call('subscribe', { channel: 'room:a' })
    ann.cut()
    for (const n of [1, 2, 3]) await node.publish('room:a', { data: String(n) })
    const again = await connected(other, 'ann')
    const result = await again.call('subscribe', { channel: 'room:a', recover: true, epoch, offset })
    expect(result).toMatchObject({ wasRecovering: true, recovered: true })
    expect(result.offset ?? 0).toBe(0)
    expect(result.publications?.map(shown)).toEqual(['1:1', '2:2', '3:3'])
    await node.publish('room:a', { data: '4' })
    await clock.advance(50)
    expect(again.publications('room:a')).toEqual(['4:4'])
  })

  test('with recovered: false if the history is too short or of another epoch', async () => {
    const { node } = await startNodes()
    for (let n = 1; n <= 15; n++) await node.publish('news:a', { data: String(n) })
    const ann = await connected(node, 'ann')
    const trimmed = await ann.call('subscribe', { channel: 'news:a', recover: true, offset: 2 })
    expect(trimmed).toMatchObject({ wasRecovering: true, offset: 15 })
    expect(trimmed.recovered ?? false).toBe(false)
    const bob = await connected(node, 'bob')
    const other = await bob.call('subscribe', {
      channel: 'news:a',
      recover: true,
      offset: 15,
      epoch: 'another',
    })
    expect(other.recovered ?? false).toBe(false)
    const eve = await connected(node, 'eve')
    const strict = eve.call('subscribe', { channel: 'news:a', recover: true, offset: 2, flag: 2 })
    await expect(strict).rejects.toMatchObject({ code: 112 })
    await expect(eve.call('unsubscribe', { channel: 'news:a' })).resolves.toEqual({})
  })

  test('with the whole history, in frames of bounded size', async () => {
    const { node, clock } = await startNodes({
      channels: {
        namespaces: { room: { historySize: 1000, historyTtl: 60, recovery: true, subscribe: 'anyone' } },
      },
    })
    const data = JSON.stringify('x'.repeat(500))
    for (let n = 1; n <= 1000; n++) await node.publish('room:a', { data })
    const ann = await connected(node, 'ann')
    const result = await ann.call('subscribe', { channel: 'room:a', recover: true, offset: 0 })
    expect(result.recovered).toBe(true)
    await clock.advance(50)
    const offsets = [
      ...(result.publications ?? []).map((p) => p.offset),
      ...ann.pushes.flatMap((push) => (push.kind === 'pub' ? [push.offset] : [])),
    ]
    expect(offsets).toEqual(Array.from({ length: 1000 }, (_, i) => i + 1))
    for (const frame of ann.socket.frames) expect(frame.payload.length).toBeLessThan(80_000)
  })
})

test('subscriptions to channels without a stream store nothing, and recover from its first publication', async () => {
  const { node, other, bus } = await startNodes({ limits: { subscriptionsPerConnection: 1000 } })
  const ann = await connected(node, 'ann')
  for (let at = 0; at < 500; at++) await ann.call('subscribe', { channel: `news:${at}` })
  expect(bus.streams.size.streams).toBe(0)
  const { epoch = '' } = await ann.call('subscribe', { channel: 'news:a' })
  ann.cut()
  const recover = { recover: true, epoch, offset: 0 }
  const late = await connected(other, 'ann')
  const still = await late.call('subscribe', { channel: 'news:1', ...recover })
  expect(still.recovered).toBe(true)
  for (const data of ['1', '2']) await node.publish('news:a', { data })
  const result = await late.call('subscribe', { channel: 'news:a', ...recover })
  expect(result.recovered).toBe(true)
  expect(result.publications?.map(shown)).toEqual(['1:1', '2:2'])
  late.cut()
  // The store loses the stream: a position from before it does not belong to the next one.
  bus.streams.forget('news:a')
  await node.publish('news:a', { data: '3' })
  const last = await connected(other, 'bob')
  const lost = await last.call('subscribe', { channel: 'news:a', ...recover })
  expect(lost.recovered ?? false).toBe(false)
})

describe('a publication that the bus loses', () => {
  test('is read from the stream at the next publication, in order', async () => {
    const { node, bus, clock } = await startNodes()
    const ann = await connected(node, 'ann')
    await ann.call('subscribe', { channel: 'room:a' })
    const gaps: unknown[] = []
    node.events.on('gap', (gap) => gaps.push(gap))
    await node.publish('room:a', { data: '1' })
    await settle()
    bus.lose(() => true)
    for (const n of [2, 3]) await node.publish('room:a', { data: String(n) })
    await settle()
    bus.lose()
    await node.publish('room:a', { data: '4' })
    await clock.advance(50)
    expect(ann.publications('room:a')).toEqual(['1:1', '2:2', '3:3', '4:4'])
    expect(gaps).toEqual([{ channel: 'room:a', missing: 2, outcome: 'filled' }])
  })

  test('is not sought beyond the end of the stream: the forged publication is dropped', async () => {
    const { node, bus, clock } = await startNodes()
    const ann = await connected(node, 'ann')
    const { epoch = '' } = await ann.call('subscribe', { channel: 'room:a' })
    await node.publish('room:a', { data: '1' })
    await settle()
    let reads = 0
    const page = bus.streams.page.bind(bus.streams)
    bus.streams.page = (...args) => {
      reads++
      return page(...args)
    }
    const dropped: unknown[] = []
    node.events.on('aheadDropped', (event) => dropped.push(event))
    const listener = bus.seats().find((seat) => seat.interest.has('room:a'))?.listener
    listener?.onPublication('room:a', { offset: 1_000_000, epoch }, encodeEnvelope({ data: '"x"', time: 0 }))
    await clock.advance(50)
    expect(reads).toBe(1)
    expect(dropped).toEqual([{ channel: 'room:a', offset: 1_000_000 }])
    const ended = ann.pushes.filter((push) => push.kind === 'unsubscribe')
    expect(ended).toMatchObject([{ channel: 'room:a', code: 2500 }])
    await node.publish('room:a', { data: '2' })
    const again = await ann.call('subscribe', { channel: 'room:a', recover: true, epoch, offset: 1 })
    expect(again).toMatchObject({ recovered: true })
    expect(again.publications?.map(shown)).toEqual(['2:2'])
    await node.publish('room:a', { data: '3' })
    await clock.advance(50)
    expect(ann.publications('room:a')).toEqual(['1:1', '3:3'])
  })

  test('is detected on an idle channel by the position check', async () => {
    const { node, bus, clock } = await startNodes({ limits: { pingInterval: 0 } })
    const ann = await connected(node, 'ann')
    await ann.call('subscribe', { channel: 'room:a' })
    await settle()
    bus.lose(() => true)
    await node.publish('room:a', { data: '1' })
    await settle()
    bus.lose()
    await clock.advance(70_000)
    expect(ann.publications('room:a')).toEqual(['1:1'])
  })

  test('is reported with 2500 if the stream has lost it, too, and the client learns that it cannot recover', async () => {
    const { node, bus, clock } = await startNodes()
    const ann = await connected(node, 'ann')
    const { epoch = '' } = await ann.call('subscribe', { channel: 'news:a' })
    await node.publish('news:a', { data: '1' })
    await settle()
    bus.lose(() => true)
    for (let n = 2; n <= 20; n++) await node.publish('news:a', { data: String(n) })
    await settle()
    bus.lose()
    await node.publish('news:a', { data: '21' })
    await clock.advance(50)
    expect(ann.pushes.at(-1)).toMatchObject({ kind: 'unsubscribe', code: 2500 })
    const again = await ann.call('subscribe', { channel: 'news:a', recover: true, offset: 1, epoch })
    expect(again).toMatchObject({ wasRecovering: true, offset: 21 })
    expect(again.recovered ?? false).toBe(false)
  })
})

/**
 * Random interleavings of publications, losses, cuts, held messages and reconnects to either node. Every
 * client ends with the whole stream from its start, in order and once each, or was notified that this is
 * impossible.
 */
test('recovery is complete or reports that it is not, in random interleavings', async () => {
  const action = fc.oneof(
    { weight: 6, arbitrary: fc.constant('publish' as const) },
    { weight: 1, arbitrary: fc.constant('cut' as const) },
    { weight: 2, arbitrary: fc.constant('return' as const) },
    { weight: 1, arbitrary: fc.constant('lose' as const) },
    { weight: 1, arbitrary: fc.constant('keep' as const) },
    { weight: 1, arbitrary: fc.constant('hold' as const) },
    { weight: 1, arbitrary: fc.constant('release' as const) },
    { weight: 1, arbitrary: fc.constant('time' as const) },
    { weight: 1, arbitrary: fc.constant('settle' as const) },
  )
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 60 }), async (actions) => {
      const clock = new TestClock()
      const bus = createMemoryBus()
      const nodes = ['a', 'b'].map((name) =>
        createNode({
          name,
          version: '0',
          cluster: createMemoryCluster(bus, { name, clock }),
          channels: CHANNELS,
          clock,
        }),
      )
      for (const node of nodes) await node.start()
      const [first, second] = nodes
      if (first === undefined || second === undefined) throw new Error('two nodes')
      const follower = new Follower(nodes)
      await follower.come()
      let published = 0
      for (const act of actions) {
        if (act === 'publish') await first.publish('room:a', { data: String(++published) })
        else if (act === 'cut') follower.go()
        else if (act === 'return') await follower.come()
        else if (act === 'lose') bus.lose(() => true)
        else if (act === 'keep') bus.lose()
        else if (act === 'hold') bus.hold()
        else if (act === 'release') bus.release()
        else if (act === 'time') await clock.advance(20)
        else await settle()
      }
      bus.lose()
      bus.release()
      await first.publish('room:a', { data: String(++published) })
      await clock.advance(70_000)
      await follower.come()
      await clock.advance(1000)
      const closing = Promise.all(nodes.map((node) => node.close()))
      await clock.advance(10_000)
      await closing
      expect(follower.notified).toBe(0)
      expect(follower.seen()).toEqual(Array.from({ length: published }, (_, i) => i + 1))
    }),
    { numRuns: 150 },
  )
})

/** A client that keeps its position across connections, as SDKs do. */
class Follower {
  notified = 0
  readonly #nodes: readonly ReturnType<typeof createNode>[]
  readonly #seen: number[] = []
  #client: TestClient | undefined
  #taken = 0
  #epoch: string | undefined
  #turn = 0

  constructor(nodes: readonly ReturnType<typeof createNode>[]) {
    this.#nodes = nodes
  }

  seen(): number[] {
    this.#take()
    return this.#seen
  }

  go(): void {
    this.#take()
    this.#client?.cut()
    this.#client = undefined
  }

  async come(): Promise<void> {
    this.#take()
    if (this.#client !== undefined) return
    const node = this.#nodes[this.#turn++ % this.#nodes.length]
    if (node === undefined) return
    const client = await connected(node, 'ann', {})
    const back = this.#epoch !== undefined
    const result = await client.call('subscribe', {
      channel: 'room:a',
      ...(back && { recover: true, offset: this.#seen.at(-1) ?? 0, epoch: this.#epoch ?? '' }),
    })
    if (back && result.recovered !== true) this.notified++
    this.#epoch = result.epoch
    for (const { offset } of result.publications ?? []) this.#seen.push(offset)
    this.#client = client
    this.#taken = 0
  }

  #take(): void {
    const pushes = this.#client?.pushes ?? []
    for (; this.#taken < pushes.length; this.#taken++) {
      const push = pushes[this.#taken]
      if (push?.kind === 'pub') this.#seen.push(push.offset)
      if (push?.kind === 'unsubscribe') {
        this.#client?.cut()
        this.#client = undefined
        return
      }
    }
  }
}
