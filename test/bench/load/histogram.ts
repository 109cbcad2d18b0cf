/**
 * Counts of durations in log-linear buckets, as in HdrHistogram: 64 steps per power of two bound the error of
 * a percentile to 1.6 %. Histograms of several processes are merged first: a mean of percentiles is no
 * percentile.
 */
const STEP_BITS = 6
const STEPS = 1 << STEP_BITS
/** Up to 2^32 us, 71 minutes. */
const POWERS = 33 - STEP_BITS
const LARGEST = 2 ** 32 - 1
const SIZE = STEPS * POWERS

/** The form that is sent between processes. */
export interface HistogramData {
  readonly counts: Uint32Array
  readonly max: number
}

export class Histogram {
  readonly #counts: Uint32Array
  #max: number
  #total = 0

  constructor(data?: HistogramData) {
    this.#counts = new Uint32Array(SIZE)
    this.#max = 0
    if (data !== undefined) this.merge(data)
  }

  /** Microseconds; below 0 counts as 0. */
  record(micros: number): void {
    const value = micros > 0 ? Math.min(LARGEST, Math.floor(micros)) : 0
    const at = bucketOf(value)
    this.#counts[at] = (this.#counts[at] ?? 0) + 1
    this.#total++
    if (value > this.#max) this.#max = value
  }

  merge({ counts, max }: HistogramData): void {
    for (const [at, count] of counts.entries()) {
      this.#counts[at] = (this.#counts[at] ?? 0) + count
      this.#total += count
    }
    if (max > this.#max) this.#max = max
  }

  get count(): number {
    return this.#total
  }

  /** Milliseconds, `fraction` in 0..1; NaN when nothing was recorded. */
  percentile(fraction: number): number {
    if (this.#total === 0) return Number.NaN
    const wanted = Math.max(1, Math.ceil(fraction * this.#total))
    let seen = 0
    for (const [at, count] of this.#counts.entries()) {
      seen += count
      if (seen >= wanted) return Math.min(topOf(at), this.#max) / 1000
    }
    return this.#max / 1000
  }

  /** Milliseconds. */
  get max(): number {
    return this.#max / 1000
  }

  clear(): void {
    this.#counts.fill(0)
    this.#total = 0
    this.#max = 0
  }

  data(): HistogramData {
    return { counts: this.#counts.slice(), max: this.#max }
  }
}

/** The first STEPS values have a bucket each; above, each power of two has STEPS buckets. */
function bucketOf(value: number): number {
  if (value < STEPS) return value
  const shift = 31 - Math.clz32(value) - STEP_BITS
  return (shift + 1) * STEPS + ((value >>> shift) & (STEPS - 1))
}

/** The largest value of a bucket. */
function topOf(at: number): number {
  if (at < STEPS) return at
  const shift = Math.floor(at / STEPS) - 1
  const step = at % STEPS
  return (STEPS + step + 1) * 2 ** shift - 1
}
