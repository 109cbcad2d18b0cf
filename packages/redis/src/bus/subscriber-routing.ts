/**
 * The Pub/Sub connection of a bus channel: always the same one, or, in a Redis Cluster, the one to the
 * primary of its slot.
 */

import type { Commands } from '../server/commands.ts'
import type { Server } from '../server/server.ts'
import type { Settings } from '../server/settings.ts'
import type { Slots } from '../slots/slots.ts'
import { SubscriberConnection, type SubscriberListener } from './subscriber-connection.ts'

export interface SubscriberRouting {
  /** `undefined` if no server serves the slot now. */
  connectionFor(bus: string): SubscriberConnection | undefined
  /** Rejects if no server has reported the slots yet. */
  whenKnown(what: string): Promise<void>
  all(): readonly SubscriberConnection[]
  /** Runs when bus channels have other connections than before. */
  onChange(run: () => void): void
  /** Reads the slots again. */
  refresh(): Promise<void>
  close(): Promise<void>
}

export class OneSubscriber implements SubscriberRouting {
  readonly #connection: SubscriberConnection

  constructor(settings: Settings, commands: Commands, listener: SubscriberListener, node: () => string) {
    this.#connection = new SubscriberConnection(settings, commands, listener, node)
  }

  connectionFor(): SubscriberConnection {
    return this.#connection
  }

  whenKnown(): Promise<void> {
    return Promise.resolve()
  }

  all(): readonly SubscriberConnection[] {
    return [this.#connection]
  }

  onChange(): void {
    // The connection never changes.
  }

  refresh(): Promise<void> {
    return Promise.resolve()
  }

  close(): Promise<void> {
    return this.#connection.close()
  }
}

/** One connection for each primary. */
export class SlotSubscribers implements SubscriberRouting {
  readonly #slots: Slots
  readonly #make: (server: Server, probeName: () => string) => SubscriberConnection
  readonly #node: () => string
  readonly #connections = new Map<
    Server,
    { readonly connection: SubscriberConnection; readonly probe: { name: string } }
  >()
  readonly #onChange: (() => void)[] = []

  constructor(
    settings: Settings,
    commands: Commands,
    listener: SubscriberListener,
    node: () => string,
    slots: Slots,
  ) {
    this.#slots = slots
    this.#node = node
    this.#make = (server, probeName) =>
      new SubscriberConnection(settings, commands, listener, probeName, server.endpoint)
    slots.onChange(() => this.#sync())
    this.#sync()
  }

  connectionFor(bus: string): SubscriberConnection | undefined {
    const server = this.#slots.owner(bus)
    return server === undefined ? undefined : this.#connections.get(server)?.connection
  }

  whenKnown(what: string): Promise<void> {
    return this.#slots.whenKnown(what)
  }

  all(): readonly SubscriberConnection[] {
    return [...this.#connections.values()].map(({ connection }) => connection)
  }

  onChange(run: () => void): void {
    this.#onChange.push(run)
  }

  refresh(): Promise<void> {
    return this.#slots.refresh()
  }

  async close(): Promise<void> {
    await Promise.all(this.all().map((connection) => connection.close()))
  }

  /**
   * Opens a connection for each new primary, with a bus channel to probe it, and closes those to former
   * primaries.
   */
  #sync(): void {
    const servers = new Set(this.#slots.servers())
    for (const server of servers) {
      const known = this.#connections.get(server)
      if (known === undefined) this.#add(server)
      else if (this.#slots.owner(known.probe.name) !== server)
        this.#chooseProbeName(server, known.connection, known.probe)
    }
    const gone = [...this.#connections].filter(([server]) => !servers.has(server))
    for (const [server] of gone) this.#connections.delete(server)
    for (const run of this.#onChange) run()
    for (const [, { connection }] of gone) void connection.close()
  }

  #add(server: Server): void {
    const probe = { name: '' }
    const connection = this.#make(server, () => probe.name)
    this.#connections.set(server, { connection, probe })
    this.#chooseProbeName(server, connection, probe)
  }

  #chooseProbeName(server: Server, connection: SubscriberConnection, probe: { name: string }): void {
    connection.names.delete(probe.name)
    probe.name = this.#probeNameOn(server)
    connection.names.add(probe.name)
    if (connection.live) connection.renew('the slot of the probe has moved')
  }

  /**
   * Needs about as many attempts as there are primaries. A primary without slots gets no probe of its own.
   */
  #probeNameOn(server: Server): string {
    for (let attempt = 0; attempt < 10_000; attempt++) {
      const name = `${this.#node()}:${attempt}`
      if (this.#slots.owner(name) === server) return name
    }
    return this.#node()
  }
}
