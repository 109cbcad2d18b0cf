/** Takes and performs due tasks: unfinished work of dead nodes, and scheduled work. */
import type { Timer } from '@skein/core'
import { type ChatContext, report } from '../context.ts'
import { ChatError } from '../errors.ts'
import { addDeadLetter } from '../listeners/dead-letters.ts'
import type { TakenTask } from '../ports.ts'
import { perform } from './perform.ts'
import type { Task } from './task.ts'

/** Tasks in flight at once on one node; each may run as long as the lease. */
const TASK_BATCH_SIZE = 32
/** Time of a taker before another node takes the task. */
const TASK_LEASE_MS = 15_000

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
    // 75 % to 125 % of the interval, so nodes do not poll in step.
    const wait = Math.round(limits.taskInterval * (0.75 + this.#chat.random() / 2))
    this.#timer = clock.setTimeout(() => {
      void this.run().finally(() => {
        if (!this.#closed) this.start()
      })
    }, wait)
  }

  /** Performs all tasks that are due now. */
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
        const taken = await storage.tasks.take(clock.now(), TASK_LEASE_MS, TASK_BATCH_SIZE)
        await Promise.all(taken.map((task) => this.#one(task)))
        if (taken.length < TASK_BATCH_SIZE || this.#closed) return
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
      else report(this.#chat, 'task', error) // The task is due again after its lease.
    }
  }

  /** A final rejection, which the caller received if it is still connected. */
  async #drop(id: string): Promise<void> {
    await this.#chat.storage.tasks
      .remove(id)
      .catch((error: unknown) => report(this.#chat, 'task removal', error))
  }
}
