/**
 * The positions of channels without a stream: offset 0 of a common epoch, which the first publication adopts.
 * A read therefore keeps nothing for its channel. `common-epoch.lua` of `@skein/redis` explains the quarters.
 */
import type { StreamPosition } from '@skein/protocol'

interface Quarter {
  epoch: string
  /** Unix ms. */
  begin: number
  /** Earlier epochs that are valid at offset 0: of this quarter, and of the one before. */
  earlier: readonly StreamPosition[]
  previous: readonly StreamPosition[]
}

export interface CommonEpoch {
  readonly epoch: string
  readonly before: readonly StreamPosition[]
}

export class CommonEpochs {
  /** By meta TTL: as many as namespaces have. */
  readonly #quarters = new Map<number, Quarter>()
  readonly #newEpoch: () => string

  constructor(newEpoch: () => string) {
    this.#newEpoch = newEpoch
  }

  /** `metaTtl` in seconds, `now` in Unix ms. */
  at(metaTtl: number, now: number): CommonEpoch {
    const known = this.#quarters.get(metaTtl)
    const length = metaTtl * 250
    const age = known === undefined ? Number.NaN : now - known.begin
    if (known !== undefined && age >= 0 && age <= length) return common(known)
    const follows = known !== undefined && age >= 0 && age <= length * 2
    const previous = follows ? [...known.earlier, { epoch: known.epoch, offset: 0 }] : []
    const next = { epoch: this.#newEpoch(), begin: now, earlier: [], previous }
    this.#quarters.set(metaTtl, next)
    return common(next)
  }

  /** Another life of the store: other epochs, which continue the ones before. */
  beginLife(): void {
    for (const quarter of this.#quarters.values()) {
      quarter.earlier = [...quarter.earlier, { epoch: quarter.epoch, offset: 0 }]
      quarter.epoch = this.#newEpoch()
    }
  }

  /** Other epochs, which continue nothing. */
  clear(): void {
    this.#quarters.clear()
  }
}

function common({ epoch, earlier, previous }: Quarter): CommonEpoch {
  return { epoch, before: [...previous, ...earlier] }
}
