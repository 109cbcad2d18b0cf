import { CLOSE, type CloseCode, UNSUBSCRIBE } from '@skein/protocol'
import { describe, expect, it } from 'vitest'
import { DEFAULT_LIMITS } from '../limits.ts'
import type { Frame } from '../socket.ts'
import { TestClock } from '../testing/clock.ts'
import { Heartbeat } from './heartbeat.ts'
import type { ConnectionState } from './state.ts'
import type { ConnectionSubscription, EndReason } from './subscriptions.ts'
import { Wheel } from './wheel.ts'

const LIMITS = { ...DEFAULT_LIMITS, pingInterval: 20_000, pongTimeout: 5000, expiredGrace: 10_000 }
/** The wheel is at most one tick late. */
const TICK = 100

function start({ random = 0.5, framePing = false } = {}) {
  const clock = new TestClock()
  const closes: CloseCode[] = []
  const refusals: CloseCode[] = []
  const pings: Frame[] = []
  let framePings = 0
  const held: ConnectionSubscription[] = []
  const dropped: [string, EndReason][] = []
  const suspended: string[] = []
  const owner = {
    state: 'connecting' as ConnectionState,
    refused: false,
    get open(): boolean {
      return closes.length === 0
    },
    encoding: 'json' as const,
    network: { framePing },
    socket: { ping: () => framePings++ },
    outbox: { urgent: (frame: Frame) => pings.push(frame) },
    subscriptions: { values: () => held },
    dropSubscription: ({ channel }: ConnectionSubscription, why: EndReason) =>
      dropped.push([channel.name, why]),
    refuse: (close: CloseCode) => refusals.push(close),
    close: (close: CloseCode) => closes.push(close),
  }
  const heartbeat = new Heartbeat(
    { clock, limits: LIMITS, random: () => random, wheel: new Wheel(clock) },
    owner,
  )
  const establish = (expireAt?: number): void => {
    owner.state = 'established'
    heartbeat.establish(expireAt)
  }
  const subscribe = (name: string, expireAt: number, serverSide = false): void => {
    held.push({
      channel: { name },
      serverSide,
      info: undefined,
      expireAt,
      end: () => undefined,
      suspend: () => suspended.push(name),
    })
    heartbeat.expireSubscriptionAt(expireAt)
  }
  const secondsFromNow = (seconds: number): number => clock.now() / 1000 + seconds
  const framesPinged = (): number => framePings
  return {
    clock,
    owner,
    heartbeat,
    closes,
    refusals,
    pings,
    framesPinged,
    dropped,
    suspended,
    establish,
    subscribe,
    secondsFromNow,
  }
}

describe('a connection that is not established', () => {
  it('closes with 3502 if it has not sent connect in time', async () => {
    const { clock, closes } = start()
    await clock.advance(LIMITS.staleTimeout - TICK)
    expect(closes).toEqual([])
    await clock.advance(2 * TICK)
    expect(closes).toEqual([CLOSE.stale])
  })

  it('closes with 3013 if the node is late with the answer', async () => {
    const { clock, owner, closes } = start()
    owner.state = 'authenticating'
    await clock.advance(LIMITS.staleTimeout + TICK)
    expect(closes).toMatchObject([{ code: CLOSE.tooManyRequests.code }])
  })

  it('closes with 3502 after a rejected connect', async () => {
    const { clock, owner, closes } = start()
    owner.state = 'authenticated'
    owner.refused = true
    await clock.advance(LIMITS.staleTimeout + TICK)
    expect(closes).toEqual([CLOSE.stale])
  })
})

it('suspends the subscriptions when the token expires, and closes with 3005 after the grace period', async () => {
  const { clock, closes, suspended, establish, subscribe, secondsFromNow } = start()
  establish(secondsFromNow(2))
  subscribe('room:a', 0)
  await clock.advance(2000 - TICK)
  expect(suspended).toEqual([])
  await clock.advance(2 * TICK)
  expect(suspended).toEqual(['room:a'])
  await clock.advance(LIMITS.expiredGrace)
  expect(closes).toEqual([CLOSE.expired])
})

describe('pings', () => {
  it.each([
    [0, 10_000],
    [0.5, 15_000],
  ])('begin in the second half of the interval (random %d: %d ms)', async (random, firstAt) => {
    const { clock, pings, establish } = start({ random })
    establish()
    await clock.advance(firstAt - TICK)
    expect(pings).toHaveLength(0)
    await clock.advance(2 * TICK)
    expect(pings).toHaveLength(1)
  })

  it('repeat after the interval while pongs arrive', async () => {
    const { clock, heartbeat, closes, pings, establish } = start({ random: 0 })
    establish()
    for (let count = 1; count <= 5; count++) {
      await clock.advance(count === 1 ? 10_000 + TICK : LIMITS.pingInterval)
      expect(pings).toHaveLength(count)
      heartbeat.pong()
    }
    expect(closes).toEqual([])
  })

  it('close the connection if a pong is late', async () => {
    const { clock, closes, establish } = start({ random: 0 })
    establish()
    await clock.advance(10_000 + LIMITS.pongTimeout - TICK)
    expect(closes).toEqual([])
    await clock.advance(3 * TICK)
    expect(closes).toEqual([CLOSE.noPong])
  })

  it('are WebSocket frames for connections that asked for them', async () => {
    const { clock, pings, framesPinged, establish } = start({ random: 0, framePing: true })
    establish()
    await clock.advance(10_000 + TICK)
    expect([pings.length, framesPinged()]).toEqual([0, 1])
  })

  it('stop with the connection', async () => {
    const { clock, heartbeat, pings, closes, establish } = start()
    establish()
    heartbeat.stop()
    await clock.advance(100_000)
    expect([pings, closes]).toEqual([[], []])
  })

  it('refuse a pong without a ping, and a second pong', async () => {
    const { clock, heartbeat, refusals, establish } = start({ random: 0 })
    establish()
    heartbeat.pong()
    expect(refusals).toMatchObject([{ code: CLOSE.badRequest.code }])
    await clock.advance(10_000 + TICK)
    heartbeat.pong()
    heartbeat.pong()
    expect(refusals).toHaveLength(2)
  })
})

describe('expiry', () => {
  it('of the token closes the connection after the grace period', async () => {
    const { clock, heartbeat, closes, pings, establish, secondsFromNow } = start()
    establish(secondsFromNow(2))
    await clock.advance(12_000 - TICK)
    expect(closes).toEqual([])
    await clock.advance(2 * TICK)
    expect(closes).toEqual([CLOSE.expired])
    expect(pings).toEqual([])
    heartbeat.stop()
  })

  it('of a refreshed token is the new one', async () => {
    const { clock, heartbeat, closes, establish, secondsFromNow } = start()
    establish(secondsFromNow(1))
    heartbeat.expireTokenAt(secondsFromNow(4))
    await clock.advance(13_000)
    expect(closes).toEqual([])
    await clock.advance(2000)
    expect(closes).toEqual([CLOSE.expired])
  })

  it('of a subscription ends the subscription, each at its time', async () => {
    const { clock, closes, dropped, establish, subscribe, secondsFromNow } = start()
    establish()
    subscribe('late', secondsFromNow(3))
    subscribe('early', secondsFromNow(1))
    await clock.advance(11_000 + TICK)
    expect(dropped).toEqual([['early', UNSUBSCRIBE.expired]])
    await clock.advance(1000)
    expect(dropped.filter(([name]) => name === 'late')).toEqual([])
    await clock.advance(1000 + TICK)
    expect(dropped.filter(([name]) => name === 'late')).toEqual([['late', UNSUBSCRIBE.expired]])
    expect(closes).toEqual([])
  })

  it('of a server-side subscription closes the connection', async () => {
    const { clock, closes, dropped, establish, subscribe, secondsFromNow } = start()
    establish()
    subscribe('#user', secondsFromNow(1), true)
    await clock.advance(11_000 + TICK)
    expect(closes).toEqual([CLOSE.subscriptionExpired])
    expect(dropped).toEqual([])
  })
})
