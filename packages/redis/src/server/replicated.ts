/**
 * Writes that are acknowledged once a replica has them: one WAIT for all writes that came while the WAIT before was under way
 * (group commit), on a connection of its own, since WAIT holds up what stands behind it.
 *
 * The writes' own replies come first: a script that the server had forgotten is sent again, and would otherwise stand behind
 * the WAIT that is to answer for it.
 */
import { Unavailable } from '@skein/core'
import type { Settings } from '../options.ts'
import type { Link } from './link.ts'

/** Writes per WAIT. */
const BATCH = 1000

interface Job {
  readonly call: (link: Link) => Promise<unknown>
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

export class Replicated {
  readonly link: Link
  readonly #settings: Settings
  #waiting: Job[] = []
  #busy = false

  constructor(settings: Settings, link: Link) {
    this.#settings = settings
    this.link = link
  }

  /** Rejects with `Unavailable` where no replica had it in time: then it is written, and may or may not last. */
  async run<T>(what: string, call: (link: Link) => Promise<T>): Promise<T> {
    await this.link.ready.wait(what)
    return await new Promise<unknown>((resolve, reject) => {
      this.#waiting.push({ call, resolve, reject })
      if (!this.#busy) void this.#work()
    }).then((value) => value as T)
  }

  async #work(): Promise<void> {
    this.#busy = true
    while (this.#waiting.length > 0) await this.#commit(this.#waiting.splice(0, BATCH))
    this.#busy = false
  }

  async #commit(batch: readonly Job[]): Promise<void> {
    const results = await Promise.allSettled(batch.map((job) => this.#send(job)))
    const error = results.some((one) => one.status === 'fulfilled') ? await this.#confirm() : undefined
    for (const [at, job] of batch.entries()) {
      const result = results[at]
      if (result?.status === 'rejected') job.reject(result.reason)
      else if (error !== undefined) job.reject(error)
      else job.resolve(result?.value)
    }
  }

  async #send(job: Job): Promise<unknown> {
    if (this.link.replicas === 0) {
      throw new Unavailable('no replica follows the Redis primary: durability "replicated" cannot be kept')
    }
    return await job.call(this.link)
  }

  /** `undefined`: a replica has all that this connection has written. */
  async #confirm(): Promise<Unavailable | undefined> {
    const { replication } = this.#settings.timing
    try {
      if ((await this.link.client.wait(1, replication)) >= 1) return undefined
      return new Unavailable(`no replica had it within ${replication} ms`)
    } catch (error) {
      return new Unavailable('whether a replica has it is not known', { cause: error })
    }
  }
}
