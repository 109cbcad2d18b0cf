/**
 * The servers of a Redis Cluster, and which slots each one serves. Asked anew whenever something points to a change: a lost
 * connection, a redirection, a subscription that a server ended; and every few seconds in any case.
 */
import type { Timer } from '@skein/core'
import type { Settings } from '../options.ts'
import { Gate } from '../server/gate.ts'
import type { Routes, Way } from '../server/routes.ts'
import { Server } from '../server/server.ts'
import { addressOf, type Endpoint } from '../server/url.ts'
import { sleep } from '../sleep.ts'
import { NotSent } from '../unavailable.ts'
import { SLOTS, slotOf } from './slot.ts'
import { askSlots, readSlots, type SlotMap } from './slot-map.ts'

/** Between two looks: while something is wrong, and otherwise. */
const URGENT_MS = 100
const USUAL_MS = 5000
/** Before a call is sent again that came while its slot was between two servers. */
const PAUSE_MS = 50

export class Slots implements Routes {
  readonly #settings: Settings
  readonly #servers = new Map<string, Server>()
  readonly #owners: (Server | undefined)[] = new Array(SLOTS).fill(undefined)
  readonly #onUp: (() => void)[] = []
  readonly #onChange: (() => void)[] = []
  /** Open once the slots are known. */
  readonly #known: Gate
  #looking: Promise<void> | undefined
  #timer: Timer | undefined
  #lookedAt = Number.NEGATIVE_INFINITY
  /** Of the Cluster's configuration: grows with every change. */
  #epoch = 0
  #lastError = 'no connection yet'
  #closed = false

  constructor(settings: Settings) {
    this.#settings = settings
    this.#known = new Gate(settings.clock, settings.bounds.pending)
    void this.look()
    this.#watch()
  }

  servers(): readonly Server[] {
    return [...this.#servers.values()]
  }

  owner(key: string): Server | undefined {
    return this.#owners[slotOf(key)]
  }

  onUp(run: () => void): void {
    this.#onUp.push(run)
  }

  onSwitch(): void {
    // Whoever is no primary any more is dropped: see `onChange`.
  }

  /** Runs when slots have another server than before. */
  onChange(run: () => void): void {
    this.#onChange.push(run)
  }

  now(key: string): Way | undefined {
    const server = this.#known.isOpen ? this.owner(key) : undefined
    if (server === undefined || !server.link.ready.up) return undefined
    return { server, link: server.link, client: server.link.client }
  }

  async find(what: string, key: string): Promise<Way> {
    if (!this.#known.isOpen) await this.known(what)
    const server = this.owner(key)
    if (server === undefined) throw new NotSent(`Redis did not ${what}: no server has slot ${slotOf(key)}`)
    const { link } = server
    if (!link.ready.up) await link.ready.wait(what)
    return { server, link, client: link.client }
  }

  /** Rejects where no server has said yet who serves which slot. */
  async known(what: string): Promise<void> {
    if (await this.#known.opened(this.#settings.timing.connect)) return
    throw new NotSent(`Redis did not ${what}: ${this.#lastError}`)
  }

  async instead(what: string, key: string, error: unknown, attempt: number): Promise<Way | undefined> {
    const [verdict, , address = ''] = error instanceof Error ? error.message.split(' ') : []
    if (attempt * PAUSE_MS > this.#settings.timing.command) return undefined
    switch (verdict) {
      case 'MOVED':
        await this.look(readEndpoint(address))
        if (attempt > 1) await sleep(this.#settings.clock, PAUSE_MS)
        return await this.find(what, key)
      case 'ASK':
        return await this.#ask(what, address)
      case 'TRYAGAIN':
      case 'CLUSTERDOWN':
        await sleep(this.#settings.clock, PAUSE_MS)
        if (verdict === 'CLUSTERDOWN') await this.look()
        return await this.find(what, key)
      default:
        return undefined
    }
  }

  /** Looks which server has which slot; `hint`: who should know. One look at a time. */
  look(hint?: Endpoint): Promise<void> {
    this.#looking ??= this.#look(hint).finally(() => {
      this.#looking = undefined
    })
    return this.#looking
  }

  async close(): Promise<void> {
    this.#closed = true
    if (this.#timer !== undefined) this.#settings.clock.clearTimeout(this.#timer)
    await Promise.all(this.servers().map((server) => server.close()))
  }

  /** To a server that takes the key's slot over. */
  async #ask(what: string, address: string): Promise<Way | undefined> {
    const server = this.#servers.get(address)
    if (server === undefined) return undefined
    return { server, link: server.link, client: await server.asking(what) }
  }

  /** Resolves with the first answer; the others may still change something. */
  async #look(hint: Endpoint | undefined): Promise<void> {
    this.#lookedAt = this.#settings.clock.monotonic()
    const asked = this.#whom(hint).map(async (ask) => this.#apply(await ask()))
    try {
      await Promise.any(asked)
    } catch (error) {
      const [first] = error instanceof AggregateError ? error.errors : [error]
      this.#lastError = first instanceof Error ? first.message : String(first)
      this.#settings.report(first, 'slots of the Redis Cluster')
    }
  }

  /** Whoever is connected; without a connection, whoever was ever heard of. */
  #whom(hint: Endpoint | undefined): (() => Promise<SlotMap>)[] {
    const up = this.servers().filter(({ link }) => link.ready.up)
    const known = this.servers().flatMap(({ endpoint }) => endpoint ?? [])
    const others = up.length > 0 ? [] : [...known, ...this.#settings.place.endpoints]
    return [
      ...up.map((server) => () => readSlots(server.link.client, server.endpoint)),
      ...[...(hint === undefined ? [] : [hint]), ...others].map(
        (whom) => () => askSlots(this.#settings, whom),
      ),
    ]
  }

  /** Whoever has not heard of the latest change yet is not believed. */
  #apply({ epoch, ranges }: SlotMap): void {
    if (this.#closed || ranges.length === 0 || epoch < this.#epoch) return
    this.#epoch = epoch
    this.#known.open()
    const addresses = new Set(ranges.map(({ endpoint }) => addressOf(endpoint)))
    let changed = false
    const owners = new Map<number, Server>()
    for (const { from, to, endpoint } of ranges) {
      const server = this.#servers.get(addressOf(endpoint)) ?? this.#open(endpoint)
      for (let slot = from; slot <= to; slot++) owners.set(slot, server)
    }
    for (let slot = 0; slot < SLOTS; slot++) {
      // A slot that nobody has stays with its last server, which will be the one to say so.
      const owner = owners.get(slot) ?? this.#owners[slot]
      if (owner === this.#owners[slot]) continue
      this.#owners[slot] = owner
      changed = true
    }
    for (const [address, server] of this.#servers) if (!addresses.has(address)) this.#drop(address, server)
    if (changed) for (const run of this.#onChange) run()
  }

  #open(endpoint: Endpoint): Server {
    const server = new Server(this.#settings, endpoint)
    this.#servers.set(addressOf(endpoint), server)
    server.link.ready.onUp(() => {
      for (const run of this.#onUp) run()
    })
    server.link.client.on('close', () => this.#hurry())
    return server
  }

  /** No primary any more: its connections go, so that it cannot be one again behind our back. */
  #drop(address: string, server: Server): void {
    this.#servers.delete(address)
    void server.close()
  }

  #hurry(): void {
    this.#lookedAt = Math.min(this.#lookedAt, this.#settings.clock.monotonic() - USUAL_MS)
  }

  #watch(): void {
    const { clock } = this.#settings
    this.#timer = clock.setTimeout(() => {
      this.#watch()
      const wait = this.#inTrouble() ? URGENT_MS : USUAL_MS
      if (clock.monotonic() - this.#lookedAt >= wait) void this.look()
    }, URGENT_MS)
  }

  #inTrouble(): boolean {
    return !this.#known.isOpen || this.servers().some(({ link }) => !link.ready.up)
  }
}

function readEndpoint(address: string): Endpoint | undefined {
  const at = address.lastIndexOf(':')
  return at > 0 ? { host: address.slice(0, at), port: Number(address.slice(at + 1)) } : undefined
}
