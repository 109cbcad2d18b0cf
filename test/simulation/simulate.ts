/**
 * One random schedule over real nodes, from a seed: publications with lost replies and retries, clients that
 * reconnect, and faults of nodes and bus, which stop before the end. The checker decides on deliveries;
 * presence and sessions must list exactly the connected clients.
 */
import { type ChannelsConfig, createMemoryBus, createNode, type MemoryBus, Unavailable } from '@skein/core'
import type { StreamPosition } from '@skein/protocol'
import { Checker, type Verdict } from '@skein/testkit'
import { type Server, SimulatedClient } from './client.ts'
import { Link } from './link.ts'
import { type Random, seeded } from './random.ts'
import { Process, Timeline } from './timeline.ts'

const CHANNELS_CONFIG: ChannelsConfig = {
  namespaces: {
    /** A history that exceeds every gap. */
    room: {
      historySize: 10_000,
      historyTtl: 86_400,
      recovery: true,
      presence: true,
      joinLeave: true,
      subscribe: 'anyone',
    },
    /** A history of a few publications: a client that was away for longer must be notified. */
    short: { historySize: 4, historyTtl: 86_400, recovery: true, presence: true, subscribe: 'anyone' },
  },
}
const CHANNELS = ['room:a', 'short:a']
const NODES = 3
const CLIENTS = 4
const STEPS = 60
/** For everything with a timeout: leases, silence, repairs, position checks. */
const REST = 60_000

export interface Simulated {
  readonly verdict: Verdict
  /** Errors of presence or sessions at the end. */
  readonly ghosts: readonly string[]
  readonly failovers: number
}

interface Site extends Server {
  readonly link: Link
}

export async function simulate(seed: number): Promise<Simulated> {
  return await new Simulation(seed).run()
}

class Simulation {
  readonly #random: Random
  readonly #timeline = new Timeline()
  readonly #checker = new Checker()
  readonly #bus: MemoryBus = createMemoryBus()
  readonly #sites: Site[] = []
  readonly #clients: SimulatedClient[] = []
  #published = 0
  #pending = 0
  #failovers = 0

  constructor(seed: number) {
    this.#random = seeded(seed)
  }

  async run(): Promise<Simulated> {
    for (let n = 0; n < NODES; n++) this.#startNode(n)
    this.#watchLeases()
    for (let n = 0; n < CLIENTS; n++) this.#addClient(n)
    await this.#timeline.advance(1000)
    for (let step = 0; step < STEPS; step++) {
      this.#step()
      await this.#timeline.advance(this.#random() < 0.5 ? this.#random() * 10 : this.#random() * 1500)
    }
    return await this.#end()
  }

  #step(): void {
    const roll = this.#random()
    const site = this.#any(this.#sites)
    if (roll < 0.4) this.#publishSome()
    else if (roll < 0.5) this.#any(this.#clients).cut()
    else if (roll < 0.62) this.#any(this.#clients).comeBack()
    else if (roll < 0.7) site.link.loss = site.link.loss > 0 ? 0 : this.#any([0.3, 0.6, 1])
    else if (roll < 0.74) site.link.holding = true
    else if (roll < 0.8) site.link.release()
    else if (roll < 0.83) site.link.down = true
    else if (roll < 0.87) site.link.restore()
    else if (roll < 0.9) this.#pause(site)
    else if (roll < 0.93) this.#kill(site)
    else if (roll < 0.96) this.#failOver()
    else site.link.lostAnswers = this.#random() * 0.5
  }

  async #end(): Promise<Simulated> {
    for (const { link, process } of this.#sites) {
      link.loss = 0
      link.lostAnswers = 0
      link.release()
      link.restore()
      process.wake()
    }
    for (const client of this.#clients) client.comeBack()
    await this.#timeline.advance(REST)
    while (this.#pending > 0) await this.#timeline.advance(1000)
    await this.#timeline.advance(REST)
    await this.#readStreams()
    for (const client of this.#clients) client.rest()
    return { verdict: this.#checker.verdict(), ghosts: await this.#ghosts(), failovers: this.#failovers }
  }

  #startNode(n: number): void {
    const process = new Process()
    const link = new Link(this.#bus, `node-${n}`, process, this.#timeline, this.#random)
    const node = createNode({
      name: `node-${n}`,
      version: '0',
      cluster: link.cluster,
      channels: CHANNELS_CONFIG,
      clock: link.clock,
      random: this.#random,
      limits: { pingInterval: 5000, pongTimeout: 2000, positionCheckInterval: 10_000 },
    })
    this.#sites.push({ node, link, process })
    void node.start()
  }

  #addClient(n: number): void {
    const pick = (): Server | undefined => {
      // The kernel of a paused process still accepts connections; that of a dead one does not.
      const site = this.#any(this.#sites)
      return site.process.dead ? undefined : site
    }
    const client = new SimulatedClient(`c.${n}`, CHANNELS, pick, this.#timeline, this.#random, this.#checker)
    this.#clients.push(client)
    client.comeBack()
  }

  #publishSome(): void {
    const many = this.#random() < 0.3 ? 6 : 1
    for (let n = 0; n < many; n++) void this.#publish(this.#any(CHANNELS), `p.${++this.#published}`)
  }

  /** A backend: retries with the same key, at any node, until it is acknowledged. */
  async #publish(channel: string, id: string): Promise<void> {
    const about = { client: 'backend', channel, id }
    this.#pending += 1
    this.#checker.add({ kind: 'attempted', at: this.#timeline.now, ...about })
    let place = await this.#publishOnce(channel, id)
    while (place === undefined) {
      await new Promise<void>((resolve) => this.#timeline.after(300, resolve))
      place = await this.#publishOnce(channel, id)
    }
    this.#checker.add({ kind: 'acknowledged', at: this.#timeline.now, ...about, ...place })
    this.#pending -= 1
  }

  /** `undefined` after a rejection, and without a reply in time, whatever the outcome. */
  #publishOnce(channel: string, id: string): Promise<StreamPosition | undefined> {
    const { node, process } = this.#any(this.#sites)
    if (process.dead) return Promise.resolve(undefined)
    return new Promise((resolve) => {
      this.#timeline.after(2000, () => resolve(undefined))
      process.run(() => {
        node.publish(channel, { data: JSON.stringify(id), idempotencyKey: id }).then(
          ({ epoch, offset }) => process.run(() => resolve({ epoch, offset })),
          (error: unknown) => {
            if (!(error instanceof Unavailable)) throw error
            resolve(undefined)
          },
        )
      })
    })
  }

  #pause({ process }: Site): void {
    if (process.paused) return
    process.pause()
    this.#timeline.after(200 + this.#random() * 15_000, () => process.wake())
  }

  /** A successor takes its place, as an orchestrator starts one. */
  #kill(site: Site): void {
    if (this.#sites.filter(({ process }) => !process.dead).length < 2) return
    site.process.dead = true
    this.#timeline.after(this.#random() * 8000, () => this.#startNode(this.#sites.length))
  }

  /** Redis fails over to a replica that lacks the last publications of each channel. */
  #failOver(): void {
    this.#failovers += 1
    for (const channel of CHANNELS) {
      const stream = this.#bus.streams.find(channel, 1_700_000_000_000 + this.#timeline.now)
      if (stream === undefined) continue
      this.#bus.streams.failOver(channel, Math.max(0, stream.offset - Math.floor(this.#random() * 4)))
    }
  }

  /** Any node that is awake and has Redis detects expired leases. */
  #watchLeases(): void {
    this.#timeline.after(1000, () => {
      const judge = this.#sites.some(({ process, link }) => !process.dead && !process.paused && !link.down)
      for (const { link } of this.#sites) if (judge && link.runOut) link.declareOver()
      this.#watchLeases()
    })
  }

  async #readStreams(): Promise<void> {
    const site = this.#sites.find(({ process }) => !process.dead)
    if (site === undefined) throw new Error('no node is left')
    for (const channel of CHANNELS) {
      const reading = site.link.cluster.broker.history(channel, { limit: -1, metaTtl: 86_400 })
      await this.#timeline.advance(100)
      const { epoch, offset, publications } = await reading
      const kept = publications.map((one) => ({
        offset: one.offset,
        id: /"data":"([^"]+)"/.exec(one.envelope)?.[1] ?? '',
      }))
      const at = this.#timeline.now
      this.#checker.add({ kind: 'stream', at, channel, epoch, offset, publications: kept })
    }
  }

  /** Presence and sessions against the connected clients. */
  async #ghosts(): Promise<string[]> {
    const here = new Set(this.#clients.filter((client) => client.live).map((client) => client.id))
    const isLive = (uid: string): boolean => this.#bus.isLive(uid)
    const wrong: string[] = []
    for (const channel of CHANNELS) {
      const present = this.#bus.presence.list(channel, isLive).map((info) => info.client)
      wrong.push(...differences(here, present, `presence of ${channel}`))
    }
    const sessions = this.#clients.flatMap((client) => this.#bus.sessions.list(client.name))
    const live = sessions.filter((session) => isLive(session.node)).map((session) => session.client)
    return [...wrong, ...differences(here, live, 'sessions')]
  }

  #any<T>(of: readonly T[]): T {
    const one = of[Math.floor(this.#random() * of.length)]
    if (one === undefined) throw new Error('nothing to choose from')
    return one
  }
}

function differences(here: ReadonlySet<string>, said: readonly string[], what: string): string[] {
  const ghosts = said.filter((id) => !here.has(id)).map((id) => `${what}: ${id} is not there`)
  const missing = [...here].filter((id) => !said.includes(id)).map((id) => `${what}: ${id} is missing`)
  return [...ghosts, ...missing]
}
