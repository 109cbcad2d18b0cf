/** All clients and publishers of one load process, made from its plan. */
import { TEST_API_KEY, type TraceEvent } from '@skein/testkit'
import { ApiPublisher, publishCaller } from './api-publisher.ts'
import { BareClient, type BareOptions } from './bare-client.ts'
import { Lines } from './lines.ts'
import type { Member } from './member.ts'
import type { Group, Plan, Top } from './plan.ts'
import { type Random, seeded } from './random.ts'
import { SdkClient } from './sdk-client.ts'
import { type Publisher, SocketPublisher } from './socket-publisher.ts'

export class Crowd {
  readonly members: Member[] = []
  readonly #plan: Plan
  readonly #write: (event: TraceEvent) => void
  readonly #random: Random
  readonly #groups = new Map<string, Member[]>()
  readonly #publishers: Publisher[] = []
  readonly #timers: NodeJS.Timeout[] = []
  #publishing = false
  #resting = false

  constructor(plan: Plan, write: (event: TraceEvent) => void) {
    this.#plan = plan
    this.#write = write
    this.#random = seeded(plan.seed)
    for (const group of plan.groups) this.#groups.set(group.name, this.#members(group))
    this.#addPublishers()
  }

  get live(): number {
    return this.members.filter((member) => member.live).length
  }

  get pending(): number {
    return this.#publishers.reduce((sum, publisher) => sum + publisher.pending, 0)
  }

  start(): void {
    const { ramp, publish } = this.#plan
    for (const member of this.members) this.#later(this.#random() * ramp, () => member.start())
    for (const publisher of this.#publishers) {
      this.#each(publish.every, () => {
        if (this.#publishing) publisher.publish()
      })
    }
  }

  /** Starts the publications, and the disconnects of the groups. */
  begin(): void {
    this.#publishing = true
    for (const group of this.#plan.groups) {
      for (const member of this.#group(group.name)) this.#behave(group, member)
    }
  }

  hush(): void {
    this.#publishing = false
  }

  cut(name: string, away: number, over: number): void {
    for (const member of this.#group(name)) {
      member.cut()
      this.#later(away + this.#random() * over, () => member.comeBack())
    }
  }

  freeze(name: string, frozen: boolean): void {
    for (const member of this.#group(name)) member.freeze(frozen)
  }

  /** Connects every client, and ends the disconnects. */
  rest(): void {
    this.#resting = true
    for (const member of this.members) member.comeBack()
  }

  /** Clients that are not at the top positions. */
  astray(tops: readonly Top[]): readonly Member[] {
    const byChannel = new Map(tops.map((top) => [top.channel, top]))
    return this.members.filter((member) => !member.gone && !member.standsAt(byChannel))
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    for (const member of this.members) member.stop()
  }

  #members(group: Group): Member[] {
    return Array.from({ length: group.clients }, (_, at) => {
      const options = this.#options(`${this.#plan.name}.${group.name}.${at}`, at, group)
      const member = group.sdk === true ? new SdkClient(options) : new BareClient(options)
      this.members.push(member)
      return member
    })
  }

  #options(name: string, at: number, group: Partial<Group>): BareOptions {
    const { urls, nodeUrls, channels } = this.#plan
    const some = Array.from(
      { length: group.channels ?? 1 },
      (_, n) => channels[(at + n) % channels.length] ?? '',
    )
    const bound = group.boundTo === undefined ? undefined : nodeUrls[group.boundTo]
    const [a, b, c] = address(at, this.#plan.seed, group.network)
    return {
      lines: new Lines(name, this.#write),
      channels: group.only === undefined ? [...new Set(some)] : [group.only],
      encoding: group.encoding ?? 'json',
      localAddress: `127.${a}.${b}.${c}`,
      url: () => bound ?? urls[Math.floor(this.#random() * urls.length)] ?? '',
      mortal: bound !== undefined,
      random: this.#random,
    }
  }

  #addPublishers(): void {
    const { name, publish, channels, apiUrls } = this.#plan
    const call = publishCaller(apiUrls, TEST_API_KEY)
    for (let at = 0; at < publish.byApi; at++) {
      const lines = new Lines(`${name}.api.${at}`, this.#write)
      const channel = channels[at % channels.length] ?? ''
      this.#publishers.push(new ApiPublisher(lines, channel, publish.padding, call))
    }
    for (let at = 0; at < publish.bySocket; at++) {
      const options = this.#options(`${name}.publisher.${at}`, at, {})
      const publisher = new SocketPublisher(options.lines, options.channels[0] ?? '', publish.padding)
      const client = new BareClient({
        ...options,
        onPublished: (id, code) => publisher.answered(id, code),
      })
      publisher.use(client)
      this.#publishers.push(publisher)
      this.members.push(client)
    }
  }

  #behave({ flap, drip }: Group, member: Member): void {
    if (flap !== undefined) {
      this.#each(flap.every, () => {
        if (this.#resting) return
        member.cut()
        this.#later(flap.away, () => member.comeBack())
      })
    }
    if (drip !== undefined) {
      this.#each(drip.still + drip.reading, () => {
        if (!this.#resting) member.freeze(true)
        this.#later(drip.still, () => member.freeze(false))
      })
    }
  }

  #group(name: string): readonly Member[] {
    return this.#groups.get(name) ?? []
  }

  /** Repeats from a random beginning: clients are not in step. */
  #each(ms: number, run: () => void): void {
    this.#later(this.#random() * ms, () => {
      run()
      this.#timers.push(setInterval(run, ms))
    })
  }

  #later(ms: number, run: () => void): void {
    this.#timers.push(setTimeout(run, ms))
  }
}

/** Networks differ in the first three octets, the only part that `ip_hash` reads. */
function address(at: number, seed: number, network: number | undefined): [number, number, number] {
  const spread = at + (seed % 97) * 31
  return [network ?? 10 + (spread % 50), (Math.floor(spread / 50) % 250) + 1, (spread % 250) + 1]
}
