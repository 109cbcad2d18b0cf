/**
 * Writes patches in Fossil's delta format, https://fossil-scm.org/home/doc/trunk/www/delta_format.wiki, for
 * the SDKs: `<length>\n`, then copies of the base `<count>@<offset>,` and insertions `<count>:<bytes>`, then
 * `<checksum>;`.
 *
 * A JSON subscriber receives the patch as a string, so insertions must be whole characters. Copies therefore
 * begin and end between characters, which no library ensures. For binary data this costs a few bytes.
 */
import { PatchWriter } from './patch-writer.ts'

/** Number of equal bytes that start the search for a copy. */
const GRAM_BYTES = 8
/** A shorter copy, with its two numbers and the split insertion, would not be shorter than its bytes. */
const MIN_COPY_BYTES = 12
/**
 * Size of the index as a power of two, from small bases to the maximum (64 KiB of memory during the call).
 */
const MIN_INDEX_BITS = 8
const MAX_INDEX_BITS = 14

/** The patch from `base` to `target`. It may be longer than `target`; the caller compares. */
export function createPatch(base: Uint8Array, target: Uint8Array): Uint8Array {
  const patch = new PatchWriter(target)
  const index = new GramIndex(base)
  let inserted = 0
  let at = 0
  while (at + GRAM_BYTES <= target.length) {
    const found = index.find(target, at)
    const copy = found < 0 ? undefined : widened(base, target, { from: found, to: at, least: inserted })
    if (copy === undefined) {
      at++
      continue
    }
    patch.insert(inserted, copy.to)
    patch.copy(copy.from, copy.count)
    inserted = copy.to + copy.count
    at = inserted
  }
  patch.insert(inserted, target.length)
  return patch.end()
}

interface Match {
  readonly from: number
  readonly to: number
  readonly least: number
}

/** The whole match around a gram, not before `least` in the target; `undefined` if it is too short. */
function widened(base: Uint8Array, target: Uint8Array, { from, to, least }: Match) {
  let start = to
  let end = to + GRAM_BYTES
  const shift = from - to
  while (start > least && start + shift > 0 && target[start - 1] === base[start + shift - 1]) start--
  while (end < target.length && end + shift < base.length && target[end] === base[end + shift]) end++
  while (start < end && isInside(target, start)) start++
  while (end > start && isInside(target, end)) end--
  return end - start < MIN_COPY_BYTES ? undefined : { from: start + shift, to: start, count: end - start }
}

/** True within a UTF-8 character: RFC 3629, section 3. */
function isInside(bytes: Uint8Array, at: number): boolean {
  return ((bytes[at] ?? 0) & 0xc0) === 0x80
}

/** The last place of each eight-byte gram in the base. One entry per hash bounds the time by the length. */
class GramIndex {
  readonly #base: Uint8Array
  readonly #shift: number
  /** Place + 1; 0: empty. */
  readonly #places: Int32Array

  constructor(base: Uint8Array) {
    this.#base = base
    const bits = Math.min(MAX_INDEX_BITS, Math.max(MIN_INDEX_BITS, 32 - Math.clz32(base.length)))
    this.#shift = 32 - bits
    this.#places = new Int32Array(1 << bits)
    for (let at = 0; at + GRAM_BYTES <= base.length; at++) this.#places[this.#hash(base, at)] = at + 1
  }

  /** Returns -1 when the index has no match. */
  find(target: Uint8Array, at: number): number {
    const place = (this.#places[this.#hash(target, at)] ?? 0) - 1
    if (place < 0) return -1
    for (let i = 0; i < GRAM_BYTES; i++) if (this.#base[place + i] !== target[at + i]) return -1
    return place
  }

  /** Multiplicative, by the golden ratio: Knuth, The Art of Computer Programming, 6.4. */
  #hash(bytes: Uint8Array, at: number): number {
    return Math.imul(word(bytes, at) ^ Math.imul(word(bytes, at + 4), 0x85ebca6b), 0x9e3779b1) >>> this.#shift
  }
}

function word(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] ?? 0) |
    ((bytes[at + 1] ?? 0) << 8) |
    ((bytes[at + 2] ?? 0) << 16) |
    ((bytes[at + 3] ?? 0) << 24)
  )
}
