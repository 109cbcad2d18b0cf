import { CLOSE, type CloseCode } from '@skein/protocol'
import { describe, expect, it } from 'vitest'
import type { DomainEvents } from '../events.ts'
import type { Limits } from '../node-api.ts'
import type { Frame } from '../socket.ts'
import { TestSocket } from '../testing/client.ts'
import { outboxContext } from '../testing/context.ts'
import { Outbox } from './outbox.ts'

const FULL = 65_536

const frame = (text: string): Frame => ({ encoding: 'json', payload: new TextEncoder().encode(text) })
const textOf = ({ payload }: Frame): string => new TextDecoder().decode(payload)

function start(limits: Partial<Limits> = {}) {
  const context = outboxContext(limits)
  const socket = new TestSocket()
  const closes: CloseCode[] = []
  const overflows: DomainEvents['overflow'][] = []
  context.events.on('overflow', (event) => overflows.push(event))
  const owner = {
    client: 'c',
    user: 'u',
    network: undefined,
    credentials: undefined,
    encoding: 'json' as const,
    socket,
    answering: false,
    close: (close: CloseCode) => closes.push(close),
  }
  const outbox = new Outbox(context, owner)
  const written = (): string[] => socket.frames.map(textOf)
  const drain = (): void => {
    socket.bufferedAmount = 0
    outbox.flush()
  }
  return { ...context, outbox, owner, socket, closes, overflows, written, drain }
}

describe('an outbox', () => {
  it('writes the first frame at once and those of the same window together', async () => {
    const { outbox, clock, written, counters } = start()
    for (const text of ['1', '2', '3']) outbox.push(frame(text))
    expect(written()).toEqual(['1'])
    await clock.advance(10)
    expect(written()).toEqual(['1', '2\n3'])
    expect(counters).toEqual({ framesSent: 2, messagesSent: 3, bytesSent: 3, outboxBytes: 0 })
  })

  it('holds a push while a command is being handled, and writes it with the reply', () => {
    const { outbox, owner, written } = start()
    owner.answering = true
    outbox.push(frame('push'))
    expect(written()).toEqual([])
    outbox.reply(frame('reply'), false)
    expect(written()).toEqual(['push\nreply'])
  })

  it('holds a reply while more replies follow', () => {
    const { outbox, written } = start()
    outbox.reply(frame('1'), true)
    outbox.reply(frame('2'), true)
    expect(written()).toEqual([])
    outbox.reply(frame('3'), false)
    expect(written()).toEqual(['1\n2\n3'])
  })

  it('counts the bytes that wait, until they are written or dropped', () => {
    const { outbox, socket, counters, drain } = start()
    socket.bufferedAmount = FULL
    outbox.push(frame('12345'))
    outbox.urgent(frame('123'))
    expect(counters.outboxBytes).toBe(8)
    expect(outbox.waiting).toBe(true)
    drain()
    expect(counters.outboxBytes).toBe(0)
    expect(outbox.waiting).toBe(false)
    socket.bufferedAmount = FULL
    outbox.push(frame('12345'))
    outbox.clear()
    expect(counters.outboxBytes).toBe(0)
  })
})

describe('a full socket', () => {
  it('receives urgent frames first and ephemeral frames last once it drains', () => {
    const { outbox, socket, flushers, written, drain } = start()
    socket.bufferedAmount = FULL
    outbox.pushEphemeral(frame('ephemeral'), undefined, flushers.standard)
    outbox.push(frame('push'))
    outbox.urgent(frame('urgent'))
    expect(written()).toEqual([])
    drain()
    expect(written()).toEqual(['urgent', 'push', 'ephemeral'])
  })

  it('receives the newest ephemeral frame of each channel', () => {
    const { outbox, socket, flushers, written, overflows, drain } = start({ writeDelay: 0 })
    socket.bufferedAmount = FULL
    for (const text of ['1', '2', '3']) outbox.pushEphemeral(frame(text), 'cursor', flushers.standard)
    drain()
    expect(written()).toEqual(['3'])
    expect(overflows.map(({ policy }) => policy)).toEqual(['conflate', 'conflate'])
  })

  it('is full from 64 KiB of backlog on', () => {
    const { outbox, socket, written } = start()
    socket.bufferedAmount = FULL - 1
    outbox.push(frame('1'))
    expect(written()).toEqual(['1'])
    socket.bufferedAmount = FULL
    outbox.reply(frame('2'), false)
    expect(written()).toEqual(['1'])
  })
})

describe('a slow client', () => {
  it('is closed when the bytes that wait and the backlog of the socket exceed the bound', async () => {
    const { outbox, socket, clock, closes, overflows } = start({ outboxBytes: FULL + 100 })
    await clock.advance(1)
    socket.bufferedAmount = FULL
    outbox.push(frame('x'.repeat(100)))
    expect(closes).toEqual([])
    outbox.push(frame('x'))
    expect(closes).toEqual([CLOSE.slow])
    expect(overflows).toMatchObject([{ queue: 'outbox', policy: 'close' }])
  })

  it('is closed when the socket takes nothing for longer than the timeout', async () => {
    const { outbox, socket, clock, closes } = start({ slowTimeout: 1000 })
    await clock.advance(1)
    socket.bufferedAmount = FULL
    outbox.push(frame('1'))
    await clock.advance(1000)
    outbox.push(frame('2'))
    expect(closes).toEqual([])
    await clock.advance(1)
    outbox.push(frame('3'))
    expect(closes).toEqual([CLOSE.slow])
  })

  it('is not closed for a single frame above the bound if nothing waits', () => {
    const { outbox, closes, written } = start({ outboxBytes: 10 })
    outbox.push(frame('x'.repeat(50)))
    expect(closes).toEqual([])
    expect(written()).toHaveLength(1)
  })
})

it('has room for a frame while less than a quarter of the bound waits', () => {
  const { outbox, socket } = start({ outboxBytes: 400_000 })
  expect(outbox.hasRoomFor(1_000_000)).toBe(true)
  socket.bufferedAmount = 50_000
  expect(outbox.hasRoomFor(50_000)).toBe(true)
  expect(outbox.hasRoomFor(50_001)).toBe(false)
})
