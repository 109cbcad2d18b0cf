/**
 * The primaries of a Redis Cluster and the slots of each. The slots are read again after every sign of a
 * change: a lost connection, a redirection, a subscription that a server ended. They are also read every few
 * seconds.
 */
import { sleep, type Timer } from '@skein/core'
import { Gate } from '../server/gate.ts'
import type { Route, Routes } from '../server/routes.ts'
import { Server } from '../server/server.ts'
import type { Settings } from '../server/settings.ts'
import { addressOf, type Endpoint } from '../server/url.ts'
import { NotSent } from '../unavailable.ts'
import { SLOTS, slotOf } from './slot.ts'
import { fetchSlots, readSlots, type SlotMap } from './slot-map.ts'

/** Interval between two reads of the slots, while a connection is missing and otherwise. */
const DEGRADED_REFRESH_MS = 100
const REFRESH_MS = 5000
/** Delay before a call is sent again whose slot was in migration. */
const RETRY_DELAY_MS = 50

export class Slots implements Routes {
  readonly #settings: Settings
  readonly #servers = new Map<string, Server>()
  readonly #owners: (Server | undefined)[] = new Array(SLOTS).fill(undefined)
  readonly #onReady: (() => void)[] = []
  readonly #onChange: (() => void)[] = []
  /** Open once the slots are known. */
  readonly #known: Gate
  #refreshing: Promise<void> | undefined
  #timer: Timer | undefined
  #refreshedAt = Number.NEGATIVE_INFINITY
  /** Epoch of the Cluster's configuration, which grows with every change. */
  #epoch = 0
  #lastError = 'no connection yet'
  #closed = false

  constructor(settings: Settings) {
    this.#settings = settings
    this.#known = new Gate(settings.clock, settings.bounds.pending)
    void this.refresh()
    this.#scheduleRefresh()
  }

  servers(): readonly Server[] {
    return [...this.#servers.values()]
  }

  owner(key: string): Server | undefined {
    return this.#owners[slotOf(key)]
  }

  onReady(run: () => void): void {
    this.#onReady.push(run)
  }

  onSwitch(): void {
    // A server that is not a primary any more is closed: see `onChange`.
  }

  /** Runs when slots have other servers than before. */
  onChange(run: () => void): void {
    this.#onChange.push(run)
  }

  current(key: string): Route | undefined {
    const server = this.#known.isOpen ? this.owner(key) : undefined
    if (server === undefined || !server.link.readiness.isReady) return undefined
    return { server, client: server.link.client }
  }

  async find(what: string, key: string): Promise<Route> {
    if (!this.#known.isOpen) await this.whenKnown(what)
    const server = this.owner(key)
    if (server === undefined) throw new NotSent(`Redis did not ${what}: no server has slot ${slotOf(key)}`)
    const { link } = server
    if (!link.readiness.isReady) await link.readiness.whenReady(what)
    return { server, client: link.client }
  }

  /** Rejects if no server has reported the slots yet. */
  async whenKnown(what: string): Promise<void> {
    if (await this.#known.whenOpen(this.#settings.timing.connect)) return
    throw new NotSent(`Redis did not ${what}: ${this.#lastError}`)
  }

  async retry(what: string, key: string, error: unknown, attempt: number): Promise<Route | undefined> {
    const [verdict, , address = ''] = error instanceof Error ? error.message.split(' ') : []
    if (attempt * RETRY_DELAY_MS > this.#settings.timing.command) return undefined
    switch (verdict) {
      case 'MOVED':
        await this.refresh(readEndpoint(address))
        if (attempt > 1) await sleep(this.#settings.clock, RETRY_DELAY_MS)
        return await this.find(what, key)
      case 'ASK':
        return await this.#askTarget(what, address)
      case 'TRYAGAIN':
      case 'CLUSTERDOWN':
        await sleep(this.#settings.clock, RETRY_DELAY_MS)
        if (verdict === 'CLUSTERDOWN') await this.refresh()
        return await this.find(what, key)
      default:
        return undefined
    }
  }

  /** Reads the slots; one read at a time. `hint`: a server that should know them. */
  refresh(hint?: Endpoint): Promise<void> {
    this.#refreshing ??= this.#refresh(hint).finally(() => {
      this.#refreshing = undefined
    })
    return this.#refreshing
  }

  async close(): Promise<void> {
    this.#closed = true
    if (this.#timer !== undefined) this.#settings.clock.clearTimeout(this.#timer)
    await Promise.all(this.servers().map((server) => server.close()))
  }

  /** The route to the server that imports the slot of the key. */
  async #askTarget(what: string, address: string): Promise<Route | undefined> {
    const server = this.#servers.get(address)
    if (server === undefined) return undefined
    return { server, client: await server.asking(what) }
  }

  /** Resolves with the first reply. Later replies may still update the slots. */
  async #refresh(hint: Endpoint | undefined): Promise<void> {
    this.#refreshedAt = this.#settings.clock.monotonic()
    const asked = this.#sources(hint).map(async (ask) => this.#apply(await ask()))
    try {
      await Promise.any(asked)
    } catch (error) {
      const [first] = error instanceof AggregateError ? error.errors : [error]
      this.#lastError = first instanceof Error ? first.message : String(first)
      this.#settings.report(first, 'slots of the Redis Cluster')
    }
  }

  /** All connected primaries; without any, all known servers. */
  #sources(hint: Endpoint | undefined): (() => Promise<SlotMap>)[] {
    const up = this.servers().filter(({ link }) => link.readiness.isReady)
    const known = this.servers().flatMap(({ endpoint }) => endpoint ?? [])
    const others = up.length > 0 ? [] : [...known, ...this.#settings.url.endpoints]
    return [
      ...up.map((server) => () => readSlots(server.link.client, server.endpoint)),
      ...[...(hint === undefined ? [] : [hint]), ...others].map(
        (source) => () => fetchSlots(this.#settings, source),
      ),
    ]
  }

  /** Ignores a server with an older configuration. */
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
      // A slot without an owner keeps its last server, whose errors describe the state.
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
    server.link.readiness.onReady(() => {
      for (const run of this.#onReady) run()
    })
    server.link.client.on('close', () => this.#refreshSoon())
    return server
  }

  /** Closes the connections of a former primary, so that it cannot become one again unnoticed. */
  #drop(address: string, server: Server): void {
    this.#servers.delete(address)
    void server.close()
  }

  #refreshSoon(): void {
    this.#refreshedAt = Math.min(this.#refreshedAt, this.#settings.clock.monotonic() - REFRESH_MS)
  }

  #scheduleRefresh(): void {
    const { clock } = this.#settings
    this.#timer = clock.setTimeout(() => {
      this.#scheduleRefresh()
      const wait = this.#isDegraded() ? DEGRADED_REFRESH_MS : REFRESH_MS
      if (clock.monotonic() - this.#refreshedAt >= wait) void this.refresh()
    }, DEGRADED_REFRESH_MS)
  }

  #isDegraded(): boolean {
    return !this.#known.isOpen || this.servers().some(({ link }) => !link.readiness.isReady)
  }
}

function readEndpoint(address: string): Endpoint | undefined {
  const at = address.lastIndexOf(':')
  return at > 0 ? { host: address.slice(0, at), port: Number(address.slice(at + 1)) } : undefined
}
