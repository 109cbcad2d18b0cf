/** Takes due tasks and does them: what other nodes left half done, and what is for a certain time. */
import type { Timer } from '@skein/core'
import { type ChatContext, report } from '../context.ts'
import { ChatError } from '../errors.ts'
import { addDeadLetter } from '../listeners/dead-letters.ts'
import type { TakenTask } from '../ports.ts'
import { perform } from './perform.ts'
import type { Task } from './task.ts'

/** Taken at once; each may take as long as the lease. */
const BATCH = 32
/** How long a taker has before others take the task too, ms. */
const LEASE = 15_000

export class TaskRunner {
  readonly #chat: ChatContext
  #timer: Timer | undefined
  #running: Promise<void> | undefined
  #closed = false

  constructor(chat: ChatContext) {
    this.#chat = chat
  }

  start(): void {
    const { clock, limits } = this.#chat
    // Between 75 % and 125 % of the interval, so that nodes do not ask in step.
    const wait = Math.round(limits.taskInterval * (0.75 + this.#chat.random() / 2))
    this.#timer = clock.setTimeout(() => {
      void this.run().finally(() => {
        if (!this.#closed) this.start()
      })
    }, wait)
  }

  /** Does everything that is due now. */
  run(): Promise<void> {
    this.#running ??= this.#rounds().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  async close(): Promise<void> {
    this.#closed = true
    if (this.#timer !== undefined) this.#chat.clock.clearTimeout(this.#timer)
    await this.#running
  }

  async #rounds(): Promise<void> {
    const { storage, clock } = this.#chat
    try {
      for (;;) {
        const taken = await storage.tasks.take(clock.now(), LEASE, BATCH)
        await Promise.all(taken.map((task) => this.#one(task)))
        if (taken.length < BATCH || this.#closed) return
      }
    } catch (error) {
      report(this.#chat, 'tasks', error)
    }
  }

  async #one({ id, payload, attempts }: TakenTask): Promise<void> {
    const { storage, limits } = this.#chat
    try {
      if (attempts > limits.taskAttempts) {
        const reason = `given up after ${limits.taskAttempts} attempts`
        await addDeadLetter(this.#chat, `task:${id}`, {
          kind: 'task',
          reason,
          task: JSON.parse(payload) as Task,
        })
      } else {
        await perform(this.#chat, JSON.parse(payload) as Task)
      }
      await storage.tasks.remove(id)
    } catch (error) {
      if (error instanceof ChatError) await this.#drop(id)
      else report(this.#chat, 'task', error) // it is due again when its lease is over
    }
  }

  /** Refused for good: its caller was told, or is gone. */
  async #drop(id: string): Promise<void> {
    await this.#chat.storage.tasks
      .remove(id)
      .catch((error: unknown) => report(this.#chat, 'task removal', error))
  }
}
