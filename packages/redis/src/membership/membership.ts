/**
 * Members of the cluster: one lease per node, renewed each second. The first node that finds an expired lease
 * reaps the incarnation.
 */
import type { Clock, Membership, NodeInfo, Timer } from '@skein/core'
import type { Bus } from '../bus/bus.ts'
import type { Keys } from '../keys.ts'
import type { Commands } from '../server/commands.ts'
import type { Settings } from '../server/settings.ts'
import type { Lease } from './lease.ts'
import type { Members } from './members.ts'

const MAX_RENEWALS_IN_FLIGHT = 2

/** A task that runs once per renewal. */
export type Chore = () => Promise<void>

export interface MembershipParts {
  readonly settings: Settings
  readonly keys: Keys
  readonly commands: Commands
  readonly bus: Bus
  readonly lease: Lease
  readonly reaper: Reaping
  readonly graces: Graces
  readonly chores: readonly Chore[]
}

interface Graces {
  /** The incarnation is over: its reaper takes over its graces. */
  forget(): void
}

interface Reaping {
  consider(members: Members): void
  declare(uid: string): Promise<boolean>
  end(uid: string): Promise<void>
}

interface Joined {
  readonly describe: () => NodeInfo
  readonly onLost: () => void
}

/** `join` after the incarnation was over, lost or left starts a new one: `uid` changes. */
export class RedisMembership implements Membership {
  readonly #parts: MembershipParts
  readonly #clock: Clock
  #joined: Joined | undefined
  #timer: Timer | undefined
  #renewalsInFlight = 0
  #choresRunning = false

  constructor(parts: MembershipParts) {
    this.#parts = parts
    this.#clock = parts.settings.clock
    // After an outage of Redis the lease has expired. An early renewal shortens the time in which readers
    // miss this node.
    parts.commands.onReady(() => void this.#renew())
  }

  get uid(): string {
    return this.#parts.lease.uid
  }

  async join(describe: () => NodeInfo, onLost: () => void): Promise<void> {
    const { lease, bus } = this.#parts
    if (lease.isOver) lease.begin()
    await bus.moveTo(lease.uid)
    await bus.ensureLive('take a lease')
    await lease.renew('take', JSON.stringify(describe()))
    this.#joined = { describe, onLost }
    this.#schedule()
  }

  async nodes(): Promise<readonly NodeInfo[]> {
    const { lease, commands, keys } = this.#parts
    // Without a node, a survey would end before that node replies.
    await lease.readNow()
    const live = lease.live()
    if (live.length === 0) return []
    const infos = await commands.run('list nodes', keys.nodes, (client) => client.hmget(keys.nodes, ...live))
    return infos.flatMap((info) => (info === null ? [] : [JSON.parse(info) as NodeInfo]))
  }

  async leave(): Promise<void> {
    this.#stop()
    this.#parts.lease.isOver = true
    this.#parts.graces.forget()
    await this.#parts.reaper.end(this.uid)
  }

  /** Gives up the incarnation: the other nodes find that it is over and reap it. */
  async abandon(reason: string): Promise<void> {
    this.#parts.settings.report(new Error(reason), 'incarnation given up')
    await this.#lose()
  }

  /** Stops renewing. The lease expires. */
  close(): void {
    this.#stop()
  }

  #stop(): void {
    this.#joined = undefined
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer)
  }

  #schedule(): void {
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer)
    this.#timer = this.#clock.setTimeout(() => {
      this.#schedule()
      void this.#renew()
    }, this.#parts.settings.timing.renewal)
  }

  /**
   * Does not wait for the previous renewal, whose reply may be late or lost. A renewal extends the lease from
   * the time at which Redis executes it, so neither their order nor a repetition matters.
   */
  async #renew(): Promise<void> {
    const joined = this.#joined
    if (joined === undefined || this.#renewalsInFlight >= MAX_RENEWALS_IN_FLIGHT) return
    const { lease, reaper, settings } = this.#parts
    this.#renewalsInFlight += 1
    try {
      const held = await lease.renew('renew', JSON.stringify(joined.describe()))
      if (this.#joined !== joined) return
      if (!held) return await this.#lose()
      reaper.consider(lease.members)
      void this.#doChores()
    } catch (error) {
      settings.report(error, 'lease')
    } finally {
      this.#renewalsInFlight -= 1
    }
  }

  /** Runs beside the renewals, which must not wait for chores. */
  async #doChores(): Promise<void> {
    if (this.#choresRunning) return
    this.#choresRunning = true
    try {
      for (const chore of this.#parts.chores) await chore()
    } catch (error) {
      this.#parts.settings.report(error, 'chores')
    } finally {
      this.#choresRunning = false
    }
  }

  /**
   * The incarnation is over. It is declared over again, so that the reaper also removes entries that this
   * node wrote after the first reaping.
   */
  async #lose(): Promise<void> {
    const joined = this.#joined
    if (joined === undefined) return
    const { lease, reaper, graces, settings } = this.#parts
    const { uid } = lease // `onLost` may start the next one.
    this.#stop()
    lease.isOver = true
    graces.forget()
    joined.onLost()
    try {
      await reaper.declare(uid)
    } catch (error) {
      settings.report(error, 'lease')
    }
  }
}
