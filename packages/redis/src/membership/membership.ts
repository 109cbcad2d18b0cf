/** Who is in the cluster: one lease per node, renewed each second; the dead are found and reaped by whoever sees them first. */
import type { Clock, Membership, NodeInfo, Timer } from '@skein/core'
import type { Bus } from '../bus/bus.ts'
import type { Keys } from '../keys.ts'
import type { Settings } from '../options.ts'
import type { MissedChannels } from '../presence/leave-graces.ts'
import type { Commands } from '../server/commands.ts'
import type { Lease } from './lease.ts'
import type { Reaper } from './reaper.ts'

/** What is done once per renewal besides. */
export type Chore = () => Promise<void>

export interface MembershipParts {
  readonly settings: Settings
  readonly keys: Keys
  readonly commands: Commands
  readonly bus: Bus
  readonly lease: Lease
  readonly reaper: Reaper
  readonly missed: MissedChannels
  readonly chores: readonly Chore[]
}

interface Joined {
  readonly describe: () => NodeInfo
  readonly onLost: () => void
}

/** `join` after the incarnation was over, lost or left, takes a new one: `uid` changes. */
export class RedisMembership implements Membership {
  readonly #parts: MembershipParts
  readonly #clock: Clock
  #joined: Joined | undefined
  #timer: Timer | undefined
  #renewing: Promise<void> | undefined
  #atChores = false

  constructor(parts: MembershipParts) {
    this.#parts = parts
    this.#clock = parts.settings.clock
    // After an outage the lease has run out: the sooner it is renewed, the less readers miss this node.
    parts.commands.onReady(() => void this.#renew())
  }

  get uid(): string {
    return this.#parts.lease.uid
  }

  async join(describe: () => NodeInfo, onLost: () => void): Promise<void> {
    const { lease, bus } = this.#parts
    if (lease.isOver) lease.begin()
    await bus.moveTo(lease.uid)
    await bus.heard('take a lease')
    await lease.prove('take', JSON.stringify(describe()))
    this.#joined = { describe, onLost }
    this.#schedule()
  }

  async nodes(): Promise<readonly NodeInfo[]> {
    const { lease, commands, keys } = this.#parts
    // A survey that does not know of a node would end without its answer.
    await lease.lookNow()
    const live = lease.live()
    if (live.length === 0) return []
    const infos = await commands.run('list nodes', keys.nodes, (client) => client.hmget(keys.nodes, ...live))
    return infos.flatMap((info) => (info === null ? [] : [JSON.parse(info) as NodeInfo]))
  }

  async leave(): Promise<void> {
    this.#stop()
    this.#parts.lease.isOver = true
    this.#parts.missed.forget()
    await this.#parts.reaper.end(this.uid)
  }

  /** Gives up the incarnation: the others will find that it is over, and so will this node. */
  async abandon(reason: string): Promise<void> {
    this.#parts.settings.report(new Error(reason), 'incarnation given up')
    await this.#lose()
  }

  /** Stops renewing, without a word to anybody. */
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

  #renew(): Promise<void> {
    this.#renewing ??= this.#tick().finally(() => {
      this.#renewing = undefined
    })
    return this.#renewing
  }

  async #tick(): Promise<void> {
    const joined = this.#joined
    if (joined === undefined) return
    const { lease, reaper, settings } = this.#parts
    try {
      const held = await lease.prove('renew', JSON.stringify(joined.describe()))
      if (this.#joined !== joined) return
      if (!held) return await this.#lose()
      reaper.consider(lease.members)
      void this.#doChores()
    } catch (error) {
      settings.report(error, 'lease')
    }
  }

  /** Beside the renewals, which must not wait for them. */
  async #doChores(): Promise<void> {
    if (this.#atChores) return
    this.#atChores = true
    try {
      for (const chore of this.#parts.chores) await chore()
    } catch (error) {
      this.#parts.settings.report(error, 'chores')
    } finally {
      this.#atChores = false
    }
  }

  /**
   * The incarnation is over. It is declared over once more: what this node wrote in its name after it was reaped, before it
   * knew, has to go too.
   */
  async #lose(): Promise<void> {
    const joined = this.#joined
    if (joined === undefined) return
    const { lease, reaper, missed, settings } = this.#parts
    const { uid } = lease // `onLost` may begin the next one
    this.#stop()
    lease.isOver = true
    missed.forget()
    joined.onLost()
    try {
      await reaper.declare(uid)
    } catch (error) {
      settings.report(error, 'lease')
    }
  }
}
