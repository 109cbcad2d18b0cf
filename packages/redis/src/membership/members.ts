/**
 * Holders of leases as Redis last reported them. Between two reads, the leases expire by the monotonic clock
 * of this node.
 */

/** Reply of the lease script. */
export type LeaseReply = readonly [
  held: 0 | 1,
  now: string,
  leases: readonly string[],
  over: readonly string[],
]

export class Members {
  /** Incarnation -> ms that its lease had left at {@link at}; negative: expired. */
  readonly #left: ReadonlyMap<string, number>
  /** Declared over and not yet reaped -> number of declarations. */
  readonly over: ReadonlyMap<string, string>
  /** Monotonic ms of the read. */
  readonly at: number

  constructor(reply: LeaseReply, at: number) {
    const now = Number(reply[1])
    this.#left = new Map(pairs(reply[2]).map(([uid, end]) => [uid, Number(end) - now]))
    this.over = new Map(pairs(reply[3]))
    this.at = at
  }

  /** No members, never read. */
  static readonly none = new Members([0, '0', [], []], Number.NEGATIVE_INFINITY)

  /** Every incarnation with a lease, expired or not. */
  get uids(): readonly string[] {
    return [...this.#left.keys()]
  }

  /** Whether Redis has reported it. An incarnation that joined later is unknown. */
  knows(uid: string): boolean {
    return this.#left.has(uid) || this.over.has(uid)
  }

  isLive(uid: string, monotonic: number): boolean {
    return (this.#left.get(uid) ?? 0) > monotonic - this.at
  }

  /** Incarnations whose lease had expired at least `ms` before the read. */
  expired(ms: number): string[] {
    return [...this.#left].filter(([, left]) => left <= -ms).map(([uid]) => uid)
  }
}

function pairs(flat: readonly string[]): [string, string][] {
  const found: [string, string][] = []
  for (let at = 0; at + 1 < flat.length; at += 2) found.push([flat[at] ?? '', flat[at + 1] ?? ''])
  return found
}
