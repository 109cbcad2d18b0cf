/** Calls to Redis: every wait bounded in time and number, every failure an `Unavailable`. */

import type { Settings } from '../options.ts'
import type { Client } from '../scripts.ts'
import { NotSent, unavailable } from '../unavailable.ts'
import type { Link } from './link.ts'
import type { Routes, Way } from './routes.ts'
import type { Server } from './server.ts'
import type { Endpoint } from './url.ts'

export class Commands {
  readonly #routes: Routes
  readonly #bound: number
  readonly #sharded: boolean
  #pending = 0

  constructor(settings: Settings, routes: Routes) {
    this.#routes = routes
    this.#bound = settings.bounds.pending
    this.#sharded = settings.place.kind === 'cluster'
  }

  /** Calls that wait for Redis now. */
  get pending(): number {
    return this.#pending
  }

  servers(): readonly Server[] {
    return this.#routes.servers()
  }

  onReady(run: () => void): void {
    this.#routes.onUp(run)
  }

  /** Runs when another server has taken over. */
  onSwitch(run: (primary: Endpoint) => void): void {
    this.#routes.onSwitch(run)
  }

  /**
   * One call about one key, or about keys that share its hash tag. `what` completes "Redis did not …". Rejects with
   * {@link NotSent} where nothing was sent, with another `Unavailable` where the outcome is unknown. `counted`: it stands for
   * calls that {@link reserve} has counted.
   */
  run<T>(
    what: string,
    key: string,
    call: (client: Client, link: Link) => Promise<T>,
    counted = false,
  ): Promise<T> {
    return this.#bounded(what, key, ({ client, link }) => call(client, link), counted)
  }

  /** Counts a call that will be part of another, until {@link release}; or says why there may be no more. */
  reserve(what: string): NotSent | undefined {
    if (this.#pending >= this.#bound)
      return new NotSent(`Redis did not ${what}: ${this.#bound} calls are already waiting for it`)
    this.#pending += 1
    return undefined
  }

  release(calls: number): void {
    this.#pending -= calls
  }

  /** The same, resolving once a replica has what was written. */
  runReplicated<T>(what: string, key: string, call: (client: Client, link: Link) => Promise<T>): Promise<T> {
    return this.#bounded(what, key, ({ server }) =>
      server.replicated.run(what, (link) => call(link.client, link)),
    )
  }

  /** A message to whoever listens to a bus channel. */
  async announce(what: string, bus: string, message: string): Promise<void> {
    await this.run(what, bus, (client) =>
      this.#sharded ? client.spublish(bus, message) : client.publish(bus, message),
    )
  }

  close(): Promise<void> {
    return this.#routes.close()
  }

  /** One async function and not several: each costs as much as a tenth of a publish (docs/performance.md). */
  async #bounded<T>(what: string, key: string, call: (way: Way) => Promise<T>, counted = false): Promise<T> {
    const refused = counted ? undefined : this.reserve(what)
    if (refused !== undefined) throw refused
    try {
      let way = this.#routes.now(key) ?? (await this.#routes.find(what, key))
      for (let attempt = 1; ; attempt++) {
        try {
          return await call(way)
        } catch (error) {
          const other = await this.#routes.instead(what, key, error, attempt)
          if (other === undefined) throw error
          way = other
        }
      }
    } catch (error) {
      throw unavailable(what, error)
    } finally {
      if (!counted) this.release(1)
    }
  }
}
