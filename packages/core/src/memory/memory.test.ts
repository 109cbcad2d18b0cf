import { type ContractNode, enter, portContracts, type World } from '@skein/testkit/contracts'
import { expect, test } from 'vitest'
import type { Clock, Timer } from '../ports.ts'
import { createMemoryBus, createMemoryCluster } from './index.ts'

/** Simulated time for the expiry of streams. */
class ManualClock implements Clock {
  #now = 1_000_000
  readonly #timers = new Map<object, { readonly at: number; readonly run: () => void }>()

  get timers(): number {
    return this.#timers.size
  }

  now(): number {
    return this.#now
  }

  monotonic(): number {
    return this.#now
  }

  setTimeout(run: () => void, ms: number): Timer {
    const timer = {}
    this.#timers.set(timer, { at: this.#now + ms, run })
    return timer
  }

  clearTimeout(timer: Timer): void {
    this.#timers.delete(timer as object)
  }

  elapse(ms: number): void {
    this.#now += ms
    for (const [timer, { at, run }] of [...this.#timers]) {
      if (at <= this.#now && this.#timers.delete(timer)) run()
    }
  }
}

async function memoryWorld(): Promise<World> {
  const clock = new ManualClock()
  const bus = createMemoryBus()
  const end = ({ cluster }: ContractNode) => {
    bus.expire(cluster.membership.uid)
    setTimeout(() => bus.reap(), 30)
  }
  return {
    start: (name) => enter(name, createMemoryCluster(bus, { name, clock })),
    kill: async (node) => end(node),
    pause: end,
    resume: () => undefined,
    loseMeta: async (channel) => bus.streams.forget(channel),
    beginLife: async () => bus.streams.beginLife(),
    elapse: async (ms) => clock.elapse(ms),
    remains: async () => {
      const { presence, sessions } = bus.size
      return [
        ...Array.from({ length: presence }, () => 'presence'),
        ...Array.from({ length: sessions }, () => 'sessions'),
        ...bus.seats().flatMap((seat) => (seat.expired ? [] : [`node ${seat.uid}`])),
      ]
    },
    stop: async () => undefined,
  }
}

portContracts('memory', memoryWorld)

const KEPT = { historySize: 10, historyTtl: 60, metaTtl: 120 }
const TEXT = '{"data":1}' as Parameters<ReturnType<typeof createMemoryCluster>['broker']['publish']>[1]

async function two() {
  const clock = new ManualClock()
  const bus = createMemoryBus()
  const a = await enter('a', createMemoryCluster(bus, { name: 'a', clock }))
  const b = await enter('b', createMemoryCluster(bus, { name: 'b', clock }))
  await b.cluster.broker.subscribe('room:1')
  return { bus, clock, a, b }
}

test('held messages wait in order; lost messages never arrive', async () => {
  const { bus, a, b } = await two()
  bus.hold()
  bus.lose(({ offset }) => offset === 2)
  for (let at = 0; at < 3; at++) await a.cluster.broker.publish('room:1', TEXT, KEPT)
  expect(b.heard.publications).toEqual([])
  bus.release()
  await Promise.resolve()
  expect(b.heard.offsets('room:1')).toEqual([1, 3])
})

test('a node that is cut off rejects calls, receives nothing, and is notified when it is back', async () => {
  const { bus, a, b } = await two()
  bus.cut(b.cluster.membership.uid)
  await expect(b.cluster.broker.subscribe('room:2')).rejects.toMatchObject({ name: 'Unavailable' })
  expect(await b.cluster.health()).toMatchObject({ ok: false })
  await a.cluster.broker.publish('room:1', TEXT, KEPT)
  bus.heal()
  await a.cluster.broker.publish('room:1', TEXT, KEPT)
  await Promise.resolve()
  expect(b.heard.restored).toBe(1)
  expect(a.heard.restored).toBe(0)
  expect(b.heard.offsets('room:1')).toEqual([2])
  expect(await b.cluster.health()).toEqual({ ok: true })
})

test('streams, results and their timer are gone in the end', async () => {
  const { bus, clock, a, b } = await two()
  await a.cluster.broker.publish('room:1', TEXT, { ...KEPT, idempotencyKey: 'k' })
  await a.cluster.broker.history('room:2', { limit: 0, metaTtl: 1 })
  expect(bus.streams.size).toEqual({ streams: 1, results: 1 })
  clock.elapse(10_000)
  expect(bus.streams.size).toEqual({ streams: 1, results: 1 })
  for (let at = 0; at < 31; at++) clock.elapse(10_000)
  expect(bus.streams.size).toEqual({ streams: 0, results: 0 })
  expect(clock.timers).toBe(0)
  await a.cluster.broker.publish('room:1', TEXT, KEPT)
  await Promise.all([a.cluster.close(), b.cluster.close()])
  expect(clock.timers).toBe(0)
  expect(bus.size).toEqual({ presence: 0, sessions: 0, nodes: 0 })
})

test('undelivered messages are bounded', async () => {
  const { bus, a } = await two()
  bus.hold()
  for (let at = 0; at < 100_000; at++)
    await a.cluster.control.send({ op: 'unsubscribe', user: '', channel: '' }).catch(() => undefined)
  await expect(a.cluster.broker.publish('room:1', TEXT, KEPT)).rejects.toThrow(/100000 undelivered/)
})
