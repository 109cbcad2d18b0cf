import { describe, expect, it } from 'vitest'
import { createMemoryCluster } from '../memory/index.ts'
import { createNode } from '../node/node.ts'
import type { SkeinNode } from '../node-api.ts'
import { connected, TestClient } from '../testing/client.ts'
import { CHANNELS, startNodes, type TestNodes } from '../testing/nodes.ts'
import { variation } from './rebalance-policy.ts'

const LIMITS = { pingInterval: 0, rebalanceInterval: 15_000, rebalanceSettle: 30_000, shedRate: 10 }

interface Crowd extends TestNodes {
  readonly counts: () => number[]
  /** Times that anybody was closed. */
  readonly closes: { code: number; reason: string; at: number }[]
  /** Of every connection there ever was, in that order. */
  readonly clients: TestClient[]
}

/** Clients that reconnect to the node that `place` chooses. */
async function crowd(
  counts: readonly number[],
  place: (nodes: readonly SkeinNode[]) => SkeinNode | undefined,
  limits = LIMITS,
): Promise<Crowd> {
  const made = await startNodes({ limits }, counts.length)
  const closes: Crowd['closes'] = []
  const clients: TestClient[] = []
  const come = async (node: SkeinNode | undefined, user: string): Promise<void> => {
    if (node === undefined) throw new Error('no node')
    const client = new TestClient(node, { credentials: { user } })
    clients.push(client)
    const { onClose } = client.socket
    client.socket.onClose = (close) => {
      onClose?.(close)
      closes.push({ ...close, at: made.clock.monotonic() })
      made.clock.setTimeout(() => void come(place(made.nodes), user), 500)
    }
    await client.connect()
  }
  for (const [at, count] of counts.entries())
    for (let i = 0; i < count; i++) await come(made.nodes[at], `${at}-${i}`)
  return { ...made, closes, clients, counts: () => made.nodes.map((node) => node.stats().clients) }
}

const emptiest = (nodes: readonly SkeinNode[]): SkeinNode | undefined =>
  [...nodes].sort((a, b) => a.stats().clients - b.stats().clients)[0]

describe('a rebalance', () => {
  it('moves the surplus to the empty nodes at the shed rate, the oldest connections first, and stops', async () => {
    const { clock, counts, closes, clients } = await crowd([90, 90, 0, 0], emptiest)
    const oldest = clients[0]
    await clock.advance(29_000)
    expect(closes).toEqual([])
    await clock.advance(150_000)
    expect(variation(counts())).toBeLessThan(0.1)
    expect(closes.length).toBeLessThanOrEqual(90)
    expect(closes[0]).toMatchObject({ code: 3011, reason: 'force reconnect: rebalance' })
    expect(oldest?.socket.closed?.code).toBe(3011)
    const seconds = Map.groupBy(closes, ({ at }) => Math.floor(at / 1000))
    expect(Math.max(...[...seconds.values()].map((some) => some.length))).toBeLessThanOrEqual(10)
    const moved = closes.length
    await clock.advance(300_000)
    expect(closes).toHaveLength(moved)
  })

  it('works in the shortest interval that the configuration permits', async () => {
    const { clock, counts } = await crowd([60, 0], emptiest, { ...LIMITS, rebalanceInterval: 2000 })
    await clock.advance(60_000)
    expect(variation(counts())).toBeLessThan(0.1)
  })

  it('does not shed busy connections', async () => {
    const { clock, closes, clients } = await crowd([60, 0], emptiest)
    const busy = clients.slice(0, 5)
    for (const { socket } of busy) socket.bufferedAmount = 1
    await clock.advance(120_000)
    expect(closes.length).toBeGreaterThan(20)
    expect(busy.every(({ socket }) => socket.closed === undefined)).toBe(true)
  })

  it('waits while nodes join or leave, and while a node drains', async () => {
    const { clock, closes, nodes, bus } = await crowd([60, 0, 0], emptiest)
    await clock.advance(20_000)
    const newcomer = createNode({
      name: 'newcomer',
      version: '0',
      cluster: createMemoryCluster(bus, { name: 'newcomer', clock }),
      channels: CHANNELS,
      clock,
    })
    await newcomer.start()
    await clock.advance(29_000)
    expect(closes).toEqual([])
    void nodes[2]?.drain(1_000_000, 'maintenance')
    await clock.advance(60_000)
    expect(closes).toEqual([])
    nodes[2]?.resume()
    const closing = newcomer.close()
    await clock.advance(25_000)
    await closing
    expect(closes).toEqual([])
    await clock.advance(60_000)
    expect(closes.length).toBeGreaterThan(0)
  })

  it('behind a proxy that returns the clients reports that shedding is futile and pauses longer each time', async () => {
    const { clock, closes, node } = await crowd([100, 0], ([first]) => first)
    const reported: number[] = []
    node.events.on('rebalanceFutile', ({ shed }) => reported.push(shed))
    await clock.advance(600_000)
    expect(reported.length).toBeGreaterThanOrEqual(2)
    // Without the pause: 40 intervals of 50.
    expect(closes.length).toBeLessThan(300)
    const first = closes.length
    await clock.advance(600_000)
    expect(closes.length - first).toBeLessThan(first)
  })

  it('is off by default', async () => {
    const { node, clock } = await startNodes({ limits: { pingInterval: 0 } }, 2)
    const clients = await Promise.all(Array.from({ length: 40 }, (_, i) => connected(node, `u${i}`)))
    await clock.advance(200_000)
    expect(clients.every(({ socket }) => socket.closed === undefined)).toBe(true)
  })
})
