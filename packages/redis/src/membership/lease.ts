/**
 * This node's incarnation and its lease: taken, renewed, looked at. Nothing may be written in the name of an incarnation whose
 * lease is in doubt, since whoever reaped it would not come again.
 */
import { randomBytes } from 'node:crypto'
import type { Clock } from '@skein/core'
import type { Keys } from '../keys.ts'
import type { Settings, Timing } from '../options.ts'
import type { Commands } from '../server/commands.ts'
import { NotSent } from '../unavailable.ts'
import { Members } from './members.ts'

export class Lease {
  uid = newUid()
  /** Others may have declared it over, or this node has. */
  isOver = false
  members = Members.none
  readonly #commands: Commands
  readonly #keys: Keys
  readonly #clock: Clock
  readonly #timing: Timing
  /** Monotonic ms of the last proof, and since when there has been no gap in them. */
  #provedAt = Number.NEGATIVE_INFINITY
  #steadySince = Number.POSITIVE_INFINITY
  #trustUntil = Number.NEGATIVE_INFINITY
  #looking: Promise<Members> | undefined

  constructor(settings: Settings, keys: Keys, commands: Commands) {
    this.#commands = commands
    this.#keys = keys
    this.#clock = settings.clock
    this.#timing = settings.timing
  }

  /** A new incarnation, without a lease yet. */
  begin(): void {
    this.uid = newUid()
    this.isOver = false
    this.#provedAt = Number.NEGATIVE_INFINITY
    this.#trustUntil = Number.NEGATIVE_INFINITY
  }

  /** False: the incarnation is over. */
  async prove(verb: 'take' | 'renew', info: string): Promise<boolean> {
    const asked = this.#clock.monotonic()
    const held = await this.#ask(verb, info)
    if (!held) return false
    if (asked - this.#provedAt > this.#timing.lease) this.#onGap(asked)
    this.#provedAt = asked
    return true
  }

  /** Rejects where the incarnation is over or may be. */
  assertHeld(what: string): void {
    const unproved = this.#clock.monotonic() - this.#provedAt
    if (!this.isOver && unproved < this.#timing.lease + this.#timing.grace) return
    throw new NotSent(`Redis did not ${what}: this incarnation is over, or its lease could not be renewed`)
  }

  /**
   * Whether this node has kept its own lease long enough to judge others: after an outage of Redis everybody needs time
   * to come back.
   */
  get steady(): boolean {
    const now = this.#clock.monotonic()
    const { lease, grace } = this.#timing
    return now - this.#provedAt < lease && now - this.#steadySince >= lease + grace
  }

  /** Incarnations whose entries count. */
  live(): readonly string[] {
    const now = this.#clock.monotonic()
    const { uids } = this.members
    return now < this.#trustUntil ? uids : uids.filter((uid) => this.members.isLive(uid, now))
  }

  /** Who is alive, at most about one renewal old; newer where it does not know one of `uids`. */
  async look(uids: readonly string[] = []): Promise<Members> {
    const fresh = this.#clock.monotonic() - this.members.at < this.#timing.renewal * 1.5
    if (fresh && uids.every((uid) => this.members.knows(uid))) return this.members
    this.#looking ??= this.#ask('look', '').then(() => this.members)
    try {
      return await this.#looking
    } finally {
      this.#looking = undefined
    }
  }

  /** Who is alive now, by a question of its own: who joined a moment ago is there. */
  async lookNow(): Promise<Members> {
    await this.#ask('look', '')
    return this.members
  }

  /**
   * Redis was away for longer than a lease, or this is the first proof. After an outage the leases of all have run out:
   * those not declared over count until everybody has had time to come back, or the cluster would look empty.
   */
  #onGap(now: number): void {
    if (Number.isFinite(this.#provedAt)) this.#trustUntil = now + this.#timing.lease
    this.#steadySince = now
  }

  async #ask(verb: 'take' | 'renew' | 'look', info: string): Promise<boolean> {
    const { leases, nodes, over } = this.#keys
    const asked = this.#clock.monotonic()
    const reply = await this.#commands.run(WHAT[verb], leases, (client) =>
      client.lease(leases, nodes, over, verb, this.uid, this.#timing.lease, info),
    )
    if (asked >= this.members.at) this.members = new Members(reply, asked)
    return reply[0] === 1
  }
}

const WHAT = { take: 'give a lease', renew: 'renew a lease', look: 'say which nodes are alive' }

function newUid(): string {
  return randomBytes(12).toString('base64url')
}
