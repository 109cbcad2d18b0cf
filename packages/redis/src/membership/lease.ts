/**
 * This node's incarnation and its lease. A node writes nothing in the name of an incarnation whose lease is
 * in doubt: a reaper that has finished does not remove later entries.
 */
import { randomBytes } from 'node:crypto'
import type { Clock } from '@skein/core'
import type { Keys } from '../keys.ts'
import type { Timing } from '../options.ts'
import type { Commands } from '../server/commands.ts'
import type { Settings } from '../server/settings.ts'
import { NotSent } from '../unavailable.ts'
import { Members } from './members.ts'

export class Lease {
  uid = newUid()
  /** This node or another one has declared the incarnation over. */
  isOver = false
  members = Members.none
  readonly #commands: Commands
  readonly #keys: Keys
  readonly #clock: Clock
  readonly #timing: Timing
  /** Monotonic ms of the last renewal, and of the first one since the last gap. */
  #renewedAt = Number.NEGATIVE_INFINITY
  #steadySince = Number.POSITIVE_INFINITY
  #trustUntil = Number.NEGATIVE_INFINITY
  #reading: Promise<Members> | undefined

  constructor(settings: Settings, keys: Keys, commands: Commands) {
    this.#commands = commands
    this.#keys = keys
    this.#clock = settings.clock
    this.#timing = settings.timing
  }

  /** Starts a new incarnation, without a lease. */
  begin(): void {
    this.uid = newUid()
    this.isOver = false
    this.#renewedAt = Number.NEGATIVE_INFINITY
    this.#trustUntil = Number.NEGATIVE_INFINITY
  }

  /** Takes or renews the lease. False: the incarnation is over. */
  async renew(verb: 'take' | 'renew', info: string): Promise<boolean> {
    const { uid } = this
    const asked = this.#clock.monotonic()
    const held = await this.#call(verb, info)
    // A late reply about the previous incarnation proves no lease of this one.
    if (!held || uid !== this.uid) return false
    if (asked < this.#renewedAt) return true
    if (asked - this.#renewedAt > this.#timing.lease) this.#onGap(asked)
    this.#renewedAt = asked
    return true
  }

  /** Throws if the incarnation is over or may be. */
  assertHeld(what: string): void {
    const sinceRenewal = this.#clock.monotonic() - this.#renewedAt
    if (!this.isOver && sinceRenewal < this.#timing.lease + this.#timing.grace) return
    throw new NotSent(`Redis did not ${what}: this incarnation is over, or its lease could not be renewed`)
  }

  /**
   * Whether this node has held its lease long enough to judge others. After an outage of Redis every node
   * needs time to renew its lease.
   */
  get steady(): boolean {
    const now = this.#clock.monotonic()
    const { lease, grace } = this.#timing
    return now - this.#renewedAt < lease && now - this.#steadySince >= lease + grace
  }

  /** Incarnations whose entries count. */
  live(): readonly string[] {
    const now = this.#clock.monotonic()
    const { uids } = this.members
    return now < this.#trustUntil ? uids : uids.filter((uid) => this.members.isLive(uid, now))
  }

  /** The members, at most about one renewal old; newer if they lack one of `uids`. */
  async read(uids: readonly string[] = []): Promise<Members> {
    const fresh = this.#clock.monotonic() - this.members.at < this.#timing.renewal * 1.5
    if (fresh && uids.every((uid) => this.members.knows(uid))) return this.members
    this.#reading ??= this.#call('read', '').then(() => this.members)
    try {
      return await this.#reading
    } finally {
      this.#reading = undefined
    }
  }

  /** The members, read now: a node that has just joined is included. */
  async readNow(): Promise<Members> {
    await this.#call('read', '')
    return this.members
  }

  /**
   * Redis was unreachable for longer than a lease, or this is the first renewal. After an outage all leases
   * have expired. Incarnations that are not declared over count until every node has had time to renew
   * its lease. Otherwise the cluster would look empty.
   */
  #onGap(now: number): void {
    if (Number.isFinite(this.#renewedAt)) this.#trustUntil = now + this.#timing.lease
    this.#steadySince = now
  }

  async #call(verb: 'take' | 'renew' | 'read', info: string): Promise<boolean> {
    const { leases, nodes, over } = this.#keys
    const { uid } = this
    const asked = this.#clock.monotonic()
    const reply = await this.#commands.run(PURPOSE[verb], leases, (client) =>
      client.lease(leases, nodes, over, verb, uid, this.#timing.lease, info),
    )
    if (asked >= this.members.at) this.members = new Members(reply, asked)
    return reply[0] === 1
  }
}

const PURPOSE = { take: 'give a lease', renew: 'renew a lease', read: 'list the members' }

function newUid(): string {
  return randomBytes(12).toString('base64url')
}
