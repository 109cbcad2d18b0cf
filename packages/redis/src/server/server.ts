/** One primary, with connections that are opened when they are first needed. */

import { prefixAsking } from '../ioredis-internals/asking.ts'
import type { Client } from '../scripts.ts'
import { reconnectUnless } from './connect.ts'
import { Link } from './link.ts'
import { Replicated } from './replicated.ts'
import type { Settings } from './settings.ts'
import type { Endpoint } from './url.ts'

export class Server {
  readonly link: Link
  /** `undefined` for one server and for the primary that the Sentinels name. */
  readonly endpoint: Endpoint | undefined
  readonly #settings: Settings
  #replicated: Replicated | undefined
  #asking: Link | undefined

  constructor(settings: Settings, endpoint?: Endpoint) {
    this.#settings = settings
    this.endpoint = endpoint
    this.link = new Link(settings, 'commands', endpoint)
  }

  /** Writes that are acknowledged once a replica has them. */
  get replicated(): Replicated {
    this.#replicated ??= new Replicated(this.#settings, new Link(this.#settings, 'replicated', this.endpoint))
    return this.#replicated
  }

  /** The connection for keys that are being migrated to this server: ASKING precedes each command. */
  async asking(what: string): Promise<Client> {
    this.#asking ??= this.#openAsking()
    await this.#asking.readiness.whenReady(what)
    return this.#asking.client
  }

  #openAsking(): Link {
    const link = new Link(this.#settings, 'asking', this.endpoint)
    prefixAsking(link.client)
    return link
  }

  /** Reads the witness again: it can change while the connection stays. */
  async refresh(): Promise<void> {
    const links = [this.link, this.#replicated?.link].filter((link) => link?.readiness.isReady === true)
    await Promise.all(links.map((link) => link?.refresh()))
  }

  /** Replaces connections that lead to another server than the new primary. */
  moveTo(primary: Endpoint): void {
    for (const link of [this.link, this.#replicated?.link])
      if (link !== undefined) reconnectUnless(primary, link.client)
  }

  async close(): Promise<void> {
    const links = [this.link, this.#replicated?.link, this.#asking]
    await Promise.all(links.map((link) => link?.readiness.close()))
  }
}
