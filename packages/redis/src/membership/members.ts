/** Who holds a lease, as Redis said last; between two looks the leases go on running out by this node's monotonic clock. */

/** What the lease script returns. */
export type LeaseReply = readonly [
  held: 0 | 1,
  now: string,
  leases: readonly string[],
  over: readonly string[],
]

export class Members {
  /** Incarnation -> ms that its lease had left at {@link at}; negative: run out. */
  readonly #left: ReadonlyMap<string, number>
  /** Declared over, not yet reaped -> times declared. */
  readonly over: ReadonlyMap<string, string>
  /** Monotonic ms of the look. */
  readonly at: number

  constructor(reply: LeaseReply, at: number) {
    const now = Number(reply[1])
    this.#left = new Map(pairs(reply[2]).map(([uid, end]) => [uid, Number(end) - now]))
    this.over = new Map(pairs(reply[3]))
    this.at = at
  }

  /** Nobody known; looked at never. */
  static readonly none = new Members([0, '0', [], []], Number.NEGATIVE_INFINITY)

  /** Every lease there is, run out or not. */
  get uids(): readonly string[] {
    return [...this.#left.keys()]
  }

  /** Whether Redis has ever spoken of it: others may have joined since. */
  knows(uid: string): boolean {
    return this.#left.has(uid) || this.over.has(uid)
  }

  isLive(uid: string, monotonic: number): boolean {
    return (this.#left.get(uid) ?? 0) > monotonic - this.at
  }

  /** Those whose lease had run out at least `ms` before the look. */
  expired(ms: number): string[] {
    return [...this.#left].filter(([, left]) => left <= -ms).map(([uid]) => uid)
  }
}

function pairs(flat: readonly string[]): [string, string][] {
  const found: [string, string][] = []
  for (let at = 0; at + 1 < flat.length; at += 2) found.push([flat[at] ?? '', flat[at + 1] ?? ''])
  return found
}
