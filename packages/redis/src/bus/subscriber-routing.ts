/** Which Pub/Sub connection a name belongs to: always the same one, or, in a Redis Cluster, that to the slot's primary. */

import type { Settings } from '../options.ts'
import type { Commands } from '../server/commands.ts'
import type { Server } from '../server/server.ts'
import type { Slots } from '../slots/slots.ts'
import { Feed, type FeedListener } from './subscriber-connection.ts'

export interface Feeds {
  /** `undefined` where nobody serves the name now. */
  of(bus: string): Feed | undefined
  /** Rejects where nobody has said yet who serves what. */
  known(what: string): Promise<void>
  all(): readonly Feed[]
  /** Runs when names have another connection than before. */
  onChange(run: () => void): void
  /** Something points to a change. */
  look(): Promise<void>
  close(): Promise<void>
}

export class OneFeed implements Feeds {
  readonly #feed: Feed

  constructor(settings: Settings, commands: Commands, listener: FeedListener, node: () => string) {
    this.#feed = new Feed(settings, commands, listener, node)
  }

  of(): Feed {
    return this.#feed
  }

  known(): Promise<void> {
    return Promise.resolve()
  }

  all(): readonly Feed[] {
    return [this.#feed]
  }

  onChange(): void {
    // There is one, for ever.
  }

  look(): Promise<void> {
    return Promise.resolve()
  }

  close(): Promise<void> {
    return this.#feed.close()
  }
}

/** One for each primary. */
export class SlotFeeds implements Feeds {
  readonly #slots: Slots
  readonly #make: (server: Server, probeName: () => string) => Feed
  readonly #node: () => string
  readonly #feeds = new Map<Server, { readonly feed: Feed; readonly probe: { name: string } }>()
  readonly #onChange: (() => void)[] = []

  constructor(
    settings: Settings,
    commands: Commands,
    listener: FeedListener,
    node: () => string,
    slots: Slots,
  ) {
    this.#slots = slots
    this.#node = node
    this.#make = (server, probeName) => new Feed(settings, commands, listener, probeName, server.endpoint)
    slots.onChange(() => this.#follow())
    this.#follow()
  }

  of(bus: string): Feed | undefined {
    const server = this.#slots.owner(bus)
    return server === undefined ? undefined : this.#feeds.get(server)?.feed
  }

  known(what: string): Promise<void> {
    return this.#slots.known(what)
  }

  all(): readonly Feed[] {
    return [...this.#feeds.values()].map(({ feed }) => feed)
  }

  onChange(run: () => void): void {
    this.#onChange.push(run)
  }

  look(): Promise<void> {
    return this.#slots.look()
  }

  async close(): Promise<void> {
    await Promise.all(this.all().map((feed) => feed.close()))
  }

  /** A connection for each primary there is, with a name of this node to try it by, and none to others. */
  #follow(): void {
    const servers = new Set(this.#slots.servers())
    for (const server of servers) {
      const known = this.#feeds.get(server)
      if (known === undefined) this.#add(server)
      else if (this.#slots.owner(known.probe.name) !== server) this.#choose(server, known.feed, known.probe)
    }
    const gone = [...this.#feeds].filter(([server]) => !servers.has(server))
    for (const [server] of gone) this.#feeds.delete(server)
    for (const run of this.#onChange) run()
    for (const [, { feed }] of gone) void feed.close()
  }

  #add(server: Server): void {
    const probe = { name: '' }
    const feed = this.#make(server, () => probe.name)
    this.#feeds.set(server, { feed, probe })
    this.#choose(server, feed, probe)
  }

  #choose(server: Server, feed: Feed, probe: { name: string }): void {
    feed.names.delete(probe.name)
    probe.name = this.#nameOn(server)
    feed.names.add(probe.name)
    if (feed.live) feed.renew('the slot of the probe has moved')
  }

  /** As many tries as there are primaries, more or less; a primary without slots is not tried. */
  #nameOn(server: Server): string {
    for (let attempt = 0; attempt < 10_000; attempt++) {
      const name = `${this.#node()}:${attempt}`
      if (this.#slots.owner(name) === server) return name
    }
    return this.#node()
  }
}
