/**
 * Brings integration events to their listeners: at least once, each listener by its own consumer group, at its own pace. An
 * entry that was not taken stays pending; how often it was given and how long ago says when it is due again, so any node
 * can go on where another stopped.
 */
import type { Clock, Timer } from '@skein/core'
import { type ChatContext, report } from '../context.ts'
import type { IntegrationEvent } from '../events/integration-event.ts'
import type { Behind, StreamEntry } from '../ports.ts'
import { BACKOFF, retryAfter } from './backoff.ts'
import { BREAKER, Breaker, type BreakerState } from './breaker.ts'
import { addDeadLetter } from './dead-letters.ts'
import type { Listener } from './listener.ts'

/** Deliveries to one listener under way at once, on one node. */
const BATCH = 16
/** Pending entries looked at per round. */
const PENDING = 64

/** One listener as this node sees it, and how far it is behind over all nodes. */
export interface ListenerState {
  readonly name: string
  /** Open: it failed too often here, and is left alone for a while; half-open: one trial decides. */
  readonly breaker: BreakerState
  /** `undefined` until its consumer group is open. */
  readonly behind: Behind | undefined
}

class Course {
  readonly #chat: ChatContext
  readonly #listener: Listener
  readonly #breaker: Breaker
  #opened = false

  constructor(chat: ChatContext, listener: Listener) {
    this.#chat = chat
    this.#listener = listener
    this.#breaker = new Breaker(listener.breaker ?? BREAKER)
  }

  async run(): Promise<void> {
    try {
      await this.#run()
    } catch (error) {
      this.#opened = false // a storage that lost everything lost the group too
      throw error
    }
  }

  async state(): Promise<ListenerState> {
    const { name } = this.#listener
    const behind = await this.#chat.storage.events.behind(name)
    const breaker = this.#breaker.state(this.#chat.clock.now())
    return { name, breaker, behind }
  }

  async #run(): Promise<void> {
    const { events } = this.#chat.storage
    const { name } = this.#listener
    if (!this.#opened) await events.open(name)
    this.#opened = true
    await this.#retry()
    for (;;) {
      const room = this.#breaker.room(this.#chat.clock.now(), BATCH)
      if (room === 0) return
      const entries = await events.read(name, this.#chat.node.uid, room)
      await Promise.all(entries.map((entry) => this.#one(entry, 1)))
      if (entries.length < room) return
    }
  }

  async #retry(): Promise<void> {
    const { events } = this.#chat.storage
    const { name, backoff = BACKOFF } = this.#listener
    for (const { id, idle, deliveries } of await events.pending(name, backoff.timeout, PENDING)) {
      if (this.#breaker.room(this.#chat.clock.now(), 1) === 0) return
      const due = retryAfter(backoff, id, deliveries)
      if (idle < due) continue
      const entry = await events.claim(name, this.#chat.node.uid, id, due)
      if (entry !== undefined) await this.#one(entry, deliveries + 1)
    }
  }

  async #one({ id, text }: StreamEntry, attempt: number): Promise<void> {
    const event = JSON.parse(text) as IntegrationEvent
    const { events } = this.#chat.storage
    const { name, events: heard, backoff = BACKOFF } = this.#listener
    const meant = event.only === undefined || event.only === name
    if (!meant || heard?.includes(event.type) === false) return events.ack(name, id)
    const { clock, observer } = this.#chat
    const begun = clock.monotonic()
    const told = (taken: boolean): void => observer.attempted(name, attempt, taken, clock.monotonic() - begun)
    try {
      this.#breaker.begin(clock.now())
      await within(clock, backoff.timeout, this.#listener.deliver(event))
      told(true)
      this.#breaker.succeeded()
    } catch (error) {
      told(false)
      this.#breaker.failed(clock.now())
      report(this.#chat, `listener ${name}`, error)
      if (attempt < backoff.attempts) return
      const reason = `${attempt} attempts: ${error instanceof Error ? error.message : String(error)}`
      await addDeadLetter(this.#chat, `event:${name}:${event.id}:${id}`, {
        kind: 'event',
        reason,
        listener: name,
        event,
      })
    }
    await events.ack(name, id)
  }
}

export class Delivery {
  readonly #chat: ChatContext
  readonly #courses: readonly Course[]
  #timer: Timer | undefined
  #running: Promise<void> | undefined
  #closed = false

  constructor(chat: ChatContext) {
    this.#chat = chat
    this.#courses = chat.listeners.map((listener) => new Course(chat, listener))
  }

  start(): void {
    if (this.#courses.length === 0) return
    this.#timer = this.#chat.clock.setTimeout(() => {
      void this.run().finally(() => {
        if (!this.#closed) this.start()
      })
    }, this.#chat.limits.taskInterval)
  }

  run(): Promise<void> {
    this.#running ??= Promise.all(this.#courses.map((course) => this.#guard(course)))
      .then(() => undefined)
      .finally(() => {
        this.#running = undefined
      })
    return this.#running
  }

  states(): Promise<readonly ListenerState[]> {
    return Promise.all(this.#courses.map((course) => course.state()))
  }

  async close(): Promise<void> {
    this.#closed = true
    if (this.#timer !== undefined) this.#chat.clock.clearTimeout(this.#timer)
    await this.#running
  }

  #guard(course: Course): Promise<void> {
    return course.run().catch((error: unknown) => report(this.#chat, 'delivery of events', error))
  }
}

/** Whatever the listener does: a round ends. */
async function within(clock: Clock, ms: number, work: Promise<void>): Promise<void> {
  const timeout = Promise.withResolvers<never>()
  const timer = clock.setTimeout(() => timeout.reject(new Error(`not taken within ${ms} ms`)), ms)
  try {
    await Promise.race([work, timeout.promise])
  } finally {
    clock.clearTimeout(timer)
  }
}
