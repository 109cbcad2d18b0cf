/** One Redis server that takes writes, and the connections to it that are made when they are first needed. */

import type { Settings } from '../options.ts'
import type { Client } from '../scripts.ts'
import { askingOf } from '../slots/asking.ts'
import { leaveFor } from './connect.ts'
import { Link } from './link.ts'
import { Replicated } from './replicated.ts'
import type { Endpoint } from './url.ts'

export class Server {
  readonly link: Link
  /** `undefined` where the address is not this package's business: one server, or whoever the Sentinels name. */
  readonly endpoint: Endpoint | undefined
  readonly #settings: Settings
  #replicated: Replicated | undefined
  #asking: Link | undefined

  constructor(settings: Settings, endpoint?: Endpoint) {
    this.#settings = settings
    this.endpoint = endpoint
    this.link = new Link(settings, 'commands', endpoint)
  }

  /** For publishes that are acknowledged once a replica has them. */
  get replicated(): Replicated {
    this.#replicated ??= new Replicated(this.#settings, new Link(this.#settings, 'replicated', this.endpoint))
    return this.#replicated
  }

  /** For keys that are on their way to this server: each command is preceded by ASKING. */
  async asking(what: string): Promise<Client> {
    this.#asking ??= askingOf(new Link(this.#settings, 'asking', this.endpoint))
    await this.#asking.ready.wait(what)
    return this.#asking.client
  }

  /** Asks again who the server is, since that can change under a connection that stays. */
  async refresh(): Promise<void> {
    const links = [this.link, this.#replicated?.link].filter((link) => link?.ready.up === true)
    await Promise.all(links.map((link) => link?.refresh()))
  }

  /** Another server is primary now. */
  leave(primary: Endpoint): void {
    for (const link of [this.link, this.#replicated?.link])
      if (link !== undefined) leaveFor(primary, link.client)
  }

  async close(): Promise<void> {
    const links = [this.link, this.#replicated?.link, this.#asking]
    await Promise.all(links.map((link) => link?.ready.close()))
  }
}
