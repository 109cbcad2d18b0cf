/**
 * Delivers integration events at least once. Each listener has its own consumer group and pace. A failed
 * entry stays pending; its delivery count and idle time determine its next attempt, so any node can continue
 * another's work.
 */
import type { Clock, Timer } from '@skein/core'
import { type ChatContext, report } from '../context.ts'
import type { IntegrationEvent } from '../events/integration-event.ts'
import type { Behind, StreamEntry } from '../ports.ts'
import { BACKOFF, retryAfter } from './backoff.ts'
import { BREAKER, Breaker, type BreakerState } from './breaker.ts'
import { addDeadLetter } from './dead-letters.ts'
import type { Listener } from './listener.ts'

/** Deliveries in flight to one listener, per node. */
const DELIVERY_BATCH_SIZE = 16
/** Pending entries read per round. */
const PENDING_PAGE_SIZE = 64

/** The state of one listener: its breaker on this node, and its backlog over all nodes. */
export interface ListenerState {
  readonly name: string
  /** `open` after too many failures on this node; `half-open` while one trial decides. */
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
      this.#opened = false // A storage that lost its data lost the group too.
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
      const room = this.#breaker.room(this.#chat.clock.now(), DELIVERY_BATCH_SIZE)
      if (room === 0) return
      const entries = await events.read(name, this.#chat.node.uid, room)
      await Promise.all(entries.map((entry) => this.#one(entry, 1)))
      if (entries.length < room) return
    }
  }

  async #retry(): Promise<void> {
    const { events } = this.#chat.storage
    const { name, backoff = BACKOFF } = this.#listener
    for (const { id, idle, deliveries } of await events.pending(name, backoff.timeout, PENDING_PAGE_SIZE)) {
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
    const { name, events: wanted, backoff = BACKOFF } = this.#listener
    const meant = event.only === undefined || event.only === name
    if (!meant || wanted?.includes(event.type) === false) return events.ack(name, id)
    const { clock, observer } = this.#chat
    const begun = clock.monotonic()
    const observe = (taken: boolean): void =>
      observer.attempted(name, attempt, taken, clock.monotonic() - begun)
    try {
      this.#breaker.begin(clock.now())
      await within(clock, backoff.timeout, this.#listener.deliver(event))
      observe(true)
      this.#breaker.succeeded()
    } catch (error) {
      observe(false)
      this.#breaker.failed(clock.now())
      report(this.#chat, `listener ${name}`, error)
      if (attempt < backoff.attempts) return
      const reason = `${attempt} attempts failed, the last with: ${error instanceof Error ? error.message : String(error)}`
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

/** Bounds a delivery, so a listener that never settles cannot block the round. */
async function within(clock: Clock, ms: number, work: Promise<void>): Promise<void> {
  const timeout = Promise.withResolvers<never>()
  const timer = clock.setTimeout(() => timeout.reject(new Error(`no acknowledgement within ${ms} ms`)), ms)
  try {
    await Promise.race([work, timeout.promise])
  } finally {
    clock.clearTimeout(timer)
  }
}
