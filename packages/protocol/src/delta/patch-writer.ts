/** Writes the parts of a Fossil patch in sequence. */

/** The digits 0 to 63 in byte order: delta_format.wiki, "Integers". */
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~'
/**
 * Maximum size of a copy or insertion without its bytes: two numbers of at most 6 digits, and their marks.
 */
const PART_BYTES = 14

export class PatchWriter {
  readonly #target: Uint8Array
  #bytes: Uint8Array
  #length = 0

  constructor(target: Uint8Array) {
    this.#target = target
    this.#bytes = new Uint8Array(target.length + 4 * PART_BYTES)
    this.#number(target.length)
    this.#mark('\n')
  }

  /** Inserts `target[from, to)`. */
  insert(from: number, to: number): void {
    if (from === to) return
    this.#room(to - from)
    this.#number(to - from)
    this.#mark(':')
    this.#bytes.set(this.#target.subarray(from, to), this.#length)
    this.#length += to - from
  }

  /** Copies `base[from, from + count)`. */
  copy(from: number, count: number): void {
    this.#room(0)
    this.#number(count)
    this.#mark('@')
    this.#number(from)
    this.#mark(',')
  }

  end(): Uint8Array {
    this.#room(0)
    this.#number(checksum(this.#target))
    this.#mark(';')
    return this.#bytes.subarray(0, this.#length)
  }

  /** Base 64, the most significant digit first. */
  #number(value: number): void {
    let digits = 1
    while (value >= 64 ** digits) digits++
    for (let digit = digits - 1; digit >= 0; digit--)
      this.#bytes[this.#length++] = DIGITS.charCodeAt(Math.floor(value / 64 ** digit) % 64)
  }

  #mark(mark: string): void {
    this.#bytes[this.#length++] = mark.charCodeAt(0)
  }

  #room(inserted: number): void {
    if (this.#length + inserted + PART_BYTES <= this.#bytes.length) return
    const larger = new Uint8Array(2 * this.#bytes.length + inserted)
    larger.set(this.#bytes)
    this.#bytes = larger
  }
}

/** The sum of big-endian 32-bit words modulo 2^32, with the last word zero-padded. */
function checksum(bytes: Uint8Array): number {
  let sum = 0
  for (let at = 0; at < bytes.length; at++) sum = (sum + ((bytes[at] ?? 0) << (24 - 8 * (at & 3)))) | 0
  return sum >>> 0
}
