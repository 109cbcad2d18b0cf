import type { ClientInfo, Envelope, Push, StreamPosition } from '@skein/protocol'
import { encodeEnvelope } from '@skein/protocol'
import { describe, expect, it } from 'vitest'
import type { Connection } from '../connection/connection.ts'
import type { DomainEvents } from '../events.ts'
import { createMemoryBus, createMemoryCluster } from '../memory/index.ts'
import { Channels } from '../namespaces/channels.ts'
import type { Limits } from '../node-api.ts'
import type { HistoryPage } from '../ports.ts'
import type { Frame } from '../socket.ts'
import { settle } from '../testing/clock.ts'
import { outboxContext } from '../testing/context.ts'
import { ChannelState } from './channel-state.ts'
import type { Subscriber } from './subscriber.ts'

const CHANNELS = new Channels(
  {
    namespaces: {
      room: {
        historySize: 100,
        historyTtl: 60,
        recovery: true,
        presence: true,
        joinLeave: true,
        presenceLimit: 10,
      },
    },
  },
  255,
)
const JOIN: ClientInfo = { user: 'ann', client: 'c' }

const envelope = (data: string): Envelope => encodeEnvelope({ data, time: 0 })
const pub = (offset: number, epoch = 'e') =>
  ({ kind: 'pub', position: { offset, epoch }, envelope: envelope(`${offset}`) }) as const
const join = (users: number) => ({ kind: 'join', info: JOIN, users }) as const

function start(limits: Partial<Limits> = {}) {
  const context = outboxContext(limits)
  const reads: { since: number | undefined; answer: (page: HistoryPage) => void }[] = []
  const cluster = createMemoryCluster(createMemoryBus(), { name: 'n', clock: context.clock })
  const broker = Object.create(cluster.broker, {
    history: {
      value: (_channel: string, { since }: { since?: number }) =>
        new Promise<HistoryPage>((answer) => reads.push({ since, answer })),
    },
  }) as typeof cluster.broker
  const channel = new ChannelState(
    { ...context, cluster: { ...cluster, broker } },
    'room:a',
    CHANNELS.of('room:a'),
  )
  const events: string[] = []
  context.events.on('gap', ({ outcome }) => events.push(`gap ${outcome}`))
  context.events.on('duplicateDropped', ({ offset }) => events.push(`duplicate ${offset}`))
  context.events.on('aheadDropped', ({ offset }) => events.push(`ahead ${offset}`))
  context.events.on('overflow', ({ queue, policy }: DomainEvents['overflow']) =>
    events.push(`${queue} ${policy}`),
  )
  /** A live subscription. `received`: the offsets of publications, and the kinds of other pushes. */
  const subscribe = (changes: Partial<Subscriber> = {}) => {
    const received: string[] = []
    let lostState = 0
    const connection = {
      encoding: 'json',
      outbox: { push: ({ payload }: Frame) => received.push(shown(payload)) },
      loseState: () => lostState++,
    } as unknown as Connection
    const subscriber = {
      connection,
      channel,
      serverSide: false,
      info: undefined,
      expireAt: 0,
      end: () => undefined,
      suspend: () => undefined,
      buffer: undefined as Push[] | undefined,
      from: 0,
      base: undefined,
      index: -1,
      positioned: true,
      disturbed: false,
      joinLeave: false,
      ...changes,
    }
    channel.add(subscriber)
    return { subscriber, received, lostState: () => lostState }
  }
  const answer = async (position: StreamPosition, ...offsets: number[]): Promise<void> => {
    const publications = offsets.map((offset) => ({ offset, envelope: envelope(`${offset}`) }))
    reads.shift()?.answer({ ...position, publications })
    await settle()
  }
  return { ...context, channel, events, reads, subscribe, answer }
}

function shown(payload: Uint8Array): string {
  const { push } = JSON.parse(new TextDecoder().decode(payload)) as { push: Record<string, unknown> }
  const publication = push['pub'] as { data: unknown } | undefined
  return publication === undefined
    ? (Object.keys(push).find((key) => key !== 'channel') ?? '')
    : `${publication.data}`
}

describe('a channel', () => {
  it('delivers publications in order and drops duplicates', () => {
    const { channel, subscribe, events } = start()
    const { received } = subscribe()
    for (const offset of [4, 5, 5, 4, 6]) channel.receive(pub(offset))
    expect(received).toEqual(['4', '5', '6'])
    expect(events).toEqual(['duplicate 5', 'duplicate 4'])
    expect(channel.position).toEqual({ offset: 6, epoch: 'e' })
  })

  it('skips publications that a subscription has already', () => {
    const { channel, subscribe } = start()
    const { received } = subscribe({ from: 5 })
    for (const offset of [4, 5, 6]) channel.receive(pub(offset))
    expect(received).toEqual(['6'])
  })

  it('fills a gap before it delivers anything later', async () => {
    const { channel, subscribe, answer, reads, events } = start()
    const { received } = subscribe()
    channel.receive(pub(1))
    channel.receive(pub(4))
    channel.receive(pub(5))
    expect(received).toEqual(['1'])
    expect(channel.repairing).toBe(true)
    expect(reads.map(({ since }) => since)).toEqual([1])
    await answer({ offset: 4, epoch: 'e' }, 2, 3, 4)
    expect(received).toEqual(['1', '2', '3', '4', '5'])
    expect(events).toEqual(['gap filled', 'duplicate 4'])
  })

  it('reports a gap that the stream cannot fill', async () => {
    const { channel, subscribe, answer, events } = start()
    const positioned = subscribe()
    const other = subscribe({ positioned: false })
    channel.receive(pub(1))
    channel.receive(pub(4))
    await answer({ offset: 4, epoch: 'e' }, 4)
    expect([positioned.lostState(), other.lostState()]).toEqual([1, 0])
    expect(events).toContain('gap notified')
  })

  it('drops a publication beyond the end of the stream, and reports the loss once', async () => {
    const { channel, subscribe, answer, reads, events } = start()
    const positioned = subscribe()
    const other = subscribe({ positioned: false })
    channel.receive(pub(1))
    channel.receive(pub(1_000_000))
    channel.receive(pub(2))
    await answer({ offset: 1, epoch: 'e' })
    expect([positioned.lostState(), reads.length, channel.repairing]).toEqual([1, 0, false])
    expect(events).toEqual(['gap notified', 'ahead 1000000'])
    expect(other.received).toEqual(['1', '2'])
    expect(channel.position).toEqual({ offset: 2, epoch: 'e' })
  })

  it('reads nothing for a gap without subscriptions', async () => {
    const { channel, subscribe, reads, events } = start()
    const { subscriber } = subscribe()
    channel.receive(pub(1))
    channel.remove(subscriber)
    channel.receive(pub(1_000_000))
    await settle()
    expect([reads.length, channel.repairing, events]).toEqual([0, false, []])
  })

  it('reports the loss if more arrivals than the bound wait for a repair', () => {
    const { channel, subscribe, events } = start({ bufferedPublications: 3 })
    const { lostState } = subscribe()
    channel.receive(pub(1))
    for (let offset = 3; offset < 6; offset++) channel.receive(pub(offset))
    expect(lostState()).toBe(0)
    channel.receive(pub(6))
    expect(lostState()).toBe(1)
    expect(events).toEqual(['channel notified', 'gap notified'])
  })

  it('reports a new epoch and goes on in it', () => {
    const { channel, subscribe } = start()
    const { received, lostState } = subscribe()
    channel.receive(pub(7))
    channel.receive(pub(1, 'f'))
    expect(lostState()).toBe(1)
    expect(received).toEqual(['7', '1'])
    expect(channel.position).toEqual({ offset: 1, epoch: 'f' })
  })
})

describe('a comparison with the stream', () => {
  it('repairs the channel if the stream is ahead', async () => {
    const { channel, subscribe, answer } = start()
    const { received } = subscribe()
    channel.receive(pub(1))
    channel.compare({ offset: 3, epoch: 'e' }, { offset: 1, epoch: 'e' })
    await answer({ offset: 3, epoch: 'e' }, 2, 3)
    expect(received).toEqual(['1', '2', '3'])
  })

  it.each([
    ['is behind', { offset: 2, epoch: 'e' }],
    ['has another epoch', { offset: 5, epoch: 'f' }],
    ['is gone', undefined],
  ])('reports the loss if the stream %s', (_name, top) => {
    const { channel, subscribe, reads } = start()
    const { lostState } = subscribe()
    channel.receive(pub(5))
    channel.compare(top, { offset: 5, epoch: 'e' })
    expect(lostState()).toBe(1)
    expect(reads).toEqual([])
  })

  it('does not take a publication that arrived since the query for a loss', () => {
    const { channel, subscribe } = start()
    const { lostState } = subscribe()
    channel.receive(pub(5))
    const before = { offset: 5, epoch: 'e' }
    channel.receive(pub(6))
    channel.compare({ offset: 5, epoch: 'e' }, before)
    expect(lostState()).toBe(0)
  })
})

describe('a subscription that is being set up', () => {
  it('buffers the pushes', () => {
    const { channel, subscribe } = start()
    const { subscriber, received } = subscribe({ buffer: [] })
    for (const offset of [1, 2]) channel.receive(pub(offset))
    expect(received).toEqual([])
    expect(subscriber.buffer?.map((push) => push.kind === 'pub' && push.offset)).toEqual([1, 2])
  })

  it('reads the stream again if the buffer is full', () => {
    const { channel, subscribe, events } = start({ bufferedPublications: 2 })
    const { subscriber } = subscribe({ buffer: [] })
    for (const offset of [1, 2, 3]) channel.receive(pub(offset))
    expect(subscriber.buffer).toHaveLength(1)
    expect(events).toEqual(['recovery reread'])
  })

  it('is disturbed and loses its buffer if the channel loses its state', () => {
    const { channel, subscribe } = start()
    const { subscriber, lostState } = subscribe({ buffer: [] })
    channel.receive(pub(1))
    channel.lose(undefined)
    expect([subscriber.disturbed, subscriber.buffer, lostState()]).toEqual([true, [], 0])
  })
})

describe('joins and leaves', () => {
  it('reach the subscriptions that asked for them', () => {
    const { channel, subscribe } = start()
    const asked = subscribe({ joinLeave: true })
    const other = subscribe()
    channel.receive(join(2))
    expect([asked.received, other.received]).toEqual([['join'], []])
  })

  it('are left out above the limit until a tenth of the users has left', () => {
    const { channel, subscribe, events } = start()
    const { received } = subscribe({ joinLeave: true })
    for (const users of [10, 11, 10, 9]) channel.receive(join(users))
    expect(received).toHaveLength(2)
    expect(events).toEqual(['joinLeave counts'])
  })
})

describe('a fan-out of several slices', () => {
  it('keeps the order of two publications, and the subscriptions that end meanwhile out', async () => {
    const { channel, subscribe, clock } = start()
    const all = Array.from({ length: 2500 }, () => subscribe())
    channel.receive(pub(1))
    channel.receive(pub(2))
    const ended = all.slice(2000, 2100)
    for (const { subscriber } of ended) channel.remove(subscriber)
    expect(channel.count).toBe(2400)
    await clock.advance(100)
    const live = all.filter((one) => !ended.includes(one))
    expect(live.every(({ received }) => received.join() === '1,2')).toBe(true)
    expect(ended.every(({ received }) => received.length === 0)).toBe(true)
    channel.receive(pub(3))
    await clock.advance(100)
    expect(live.every(({ received }) => received.at(-1) === '3')).toBe(true)
  })

  it('reports the loss if more pushes than the bound wait for the loop', () => {
    const { channel, subscribe, events } = start({ bufferedPublications: 2 })
    for (let count = 0; count < 1001; count++) subscribe()
    for (let offset = 1; offset <= 4; offset++) channel.receive(pub(offset))
    expect(events).toEqual(['channel notified', 'gap notified'])
  })
})
