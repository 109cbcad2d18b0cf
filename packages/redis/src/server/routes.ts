/** Which server a key belongs to: always the same one, or, in a Redis Cluster, the one that serves the key's slot. */

import type { Settings } from '../options.ts'
import type { Client } from '../scripts.ts'
import { Slots } from '../slots/slots.ts'
import type { Link } from './link.ts'
import { SentinelWatch } from './sentinel-watch.ts'
import { Server } from './server.ts'
import type { Endpoint } from './url.ts'

/** `client` is the link's, but for keys that are being moved. */
export interface Way {
  readonly server: Server
  readonly link: Link
  readonly client: Client
}

export interface Routes {
  /** As {@link find}, where it is known at once. */
  now(key: string): Way | undefined
  /** Where commands about the key go now. Rejects with `NotSent` where nobody serves it. */
  find(what: string, key: string): Promise<Way>
  /**
   * Where to send the call again, of which this error says that it was not done; `undefined` for all other errors, and
   * after too many attempts.
   */
  instead(what: string, key: string, error: unknown, attempt: number): Promise<Way | undefined>
  /** Those that serve something. */
  servers(): readonly Server[]
  /** Runs whenever a connection can be used again. */
  onUp(run: () => void): void
  /** Runs when another server has taken over, and all connections to others are to be left. */
  onSwitch(run: (primary: Endpoint) => void): void
  close(): Promise<void>
}

export function routesOf(settings: Settings): OneServer | Slots {
  return settings.place.kind === 'cluster' ? new Slots(settings) : new OneServer(settings)
}

/** One server, or the primary that Sentinels name. */
export class OneServer implements Routes {
  readonly #way: Way
  readonly #onSwitch: ((primary: Endpoint) => void)[] = []
  readonly #watch: SentinelWatch | undefined

  constructor(settings: Settings) {
    const server = new Server(settings)
    this.#way = { server, link: server.link, client: server.link.client }
    if (settings.place.kind === 'sentinel')
      this.#watch = new SentinelWatch(settings, (primary) => this.#switch(primary))
  }

  now(): Way | undefined {
    return this.#way.link.ready.up ? this.#way : undefined
  }

  async find(what: string): Promise<Way> {
    await this.#way.link.ready.wait(what)
    return this.#way
  }

  async instead(): Promise<undefined> {
    return undefined
  }

  servers(): readonly Server[] {
    return [this.#way.server]
  }

  onUp(run: () => void): void {
    this.#way.link.ready.onUp(run)
  }

  onSwitch(run: (primary: Endpoint) => void): void {
    this.#onSwitch.push(run)
  }

  close(): Promise<void> {
    this.#watch?.close()
    return this.#way.server.close()
  }

  #switch(primary: Endpoint): void {
    this.#way.server.leave(primary)
    for (const run of this.#onSwitch) run(primary)
  }
}
