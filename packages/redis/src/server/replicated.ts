/**
 * Writes that are acknowledged once a replica has them. One WAIT covers all writes that arrived during the
 * previous WAIT (group commit). WAIT blocks its connection, so these writes have a connection of their own.
 *
 * WAIT follows after the replies of the writes. Otherwise a script that Redis did not know, and that is sent
 * again, would be executed after the WAIT that covers it.
 */
import { Unavailable } from '@skein/core'
import type { Link } from './link.ts'
import type { Settings } from './settings.ts'

const WRITES_PER_WAIT = 1000

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

  /**
   * Rejects with `Unavailable` if no replica had the write in time. Redis has the write then, but may lose it
   * in a failover.
   */
  async run<T>(what: string, call: (link: Link) => Promise<T>): Promise<T> {
    await this.link.readiness.whenReady(what)
    return await new Promise<unknown>((resolve, reject) => {
      this.#waiting.push({ call, resolve, reject })
      if (!this.#busy) void this.#work()
    }).then((value) => value as T)
  }

  async #work(): Promise<void> {
    this.#busy = true
    while (this.#waiting.length > 0) await this.#commit(this.#waiting.splice(0, WRITES_PER_WAIT))
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

  /** `undefined`: a replica has all writes of this connection. */
  async #confirm(): Promise<Unavailable | undefined> {
    const { replication } = this.#settings.timing
    try {
      if ((await this.link.client.wait(1, replication)) >= 1) return undefined
      return new Unavailable(`no replica acknowledged the write within ${replication} ms`)
    } catch (error) {
      return new Unavailable('it is unknown whether a replica has the write', { cause: error })
    }
  }
}
