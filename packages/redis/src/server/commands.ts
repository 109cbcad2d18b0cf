/** Calls to Redis: each wait is bounded in time and number, each failure is an `Unavailable`. */
import type { Client } from '../scripts.ts'
import { NotSent, unavailable } from '../unavailable.ts'
import type { Link } from './link.ts'
import type { Route, Routes } from './routes.ts'
import type { Server } from './server.ts'
import type { Settings } from './settings.ts'
import type { Endpoint } from './url.ts'

export class Commands {
  readonly #routes: Routes
  readonly #bound: number
  readonly #sharded: boolean
  #pending = 0

  constructor(settings: Settings, routes: Routes) {
    this.#routes = routes
    this.#bound = settings.bounds.pending
    this.#sharded = settings.url.kind === 'cluster'
  }

  /** Number of calls that wait for Redis. */
  get pending(): number {
    return this.#pending
  }

  servers(): readonly Server[] {
    return this.#routes.servers()
  }

  onReady(run: () => void): void {
    this.#routes.onReady(run)
  }

  /** Runs after a failover. */
  onSwitch(run: (primary: Endpoint) => void): void {
    this.#routes.onSwitch(run)
  }

  /**
   * Runs one call about one key, or about keys that share its hash tag. `what` completes "Redis did not …".
   * Rejects with {@link NotSent} if nothing was sent, with another `Unavailable` if the outcome is unknown.
   * `reserved`: {@link reserve} has counted the call.
   */
  run<T>(
    what: string,
    key: string,
    call: (client: Client, link: Link) => Promise<T>,
    reserved = false,
  ): Promise<T> {
    return this.#bounded(what, key, ({ client, server }) => call(client, server.link), reserved)
  }

  /**
   * Counts a call that becomes part of another, until {@link release}. Returns the error if there are too
   * many calls.
   */
  reserve(what: string): NotSent | undefined {
    if (this.#pending >= this.#bound)
      return new NotSent(`Redis did not ${what}: ${this.#bound} calls are already waiting for it`)
    this.#pending += 1
    return undefined
  }

  release(calls: number): void {
    this.#pending -= calls
  }

  /** As {@link run}, and resolves once a replica has the writes. */
  runReplicated<T>(what: string, key: string, call: (client: Client, link: Link) => Promise<T>): Promise<T> {
    return this.#bounded(what, key, ({ server }) =>
      server.replicated.run(what, (link) => call(link.client, link)),
    )
  }

  /** Publishes a message to a bus channel. */
  async publish(what: string, bus: string, message: string): Promise<void> {
    await this.run(what, bus, (client) =>
      this.#sharded ? client.spublish(bus, message) : client.publish(bus, message),
    )
  }

  close(): Promise<void> {
    return this.#routes.close()
  }

  /** One async function instead of several: each costs up to a tenth of a publish. */
  async #bounded<T>(
    what: string,
    key: string,
    call: (route: Route) => Promise<T>,
    reserved = false,
  ): Promise<T> {
    const refused = reserved ? undefined : this.reserve(what)
    if (refused !== undefined) throw refused
    try {
      let route = this.#routes.current(key) ?? (await this.#routes.find(what, key))
      for (let attempt = 1; ; attempt++) {
        try {
          return await call(route)
        } catch (error) {
          const other = await this.#routes.retry(what, key, error, attempt)
          if (other === undefined) throw error
          route = other
        }
      }
    } catch (error) {
      throw unavailable(what, error)
    } finally {
      if (!reserved) this.release(1)
    }
  }
}
