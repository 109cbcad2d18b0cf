/** Ids that sort by time, as ULIDs do: milliseconds, then random characters, in Crockford's base 32. */
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz'

/** Makes {@link timeId}s that increase on this node, even when its clock goes back. */
export function timeIds(now: () => number, random: () => number): () => string {
  let last = 0
  let count = 0
  return () => {
    const time = Math.max(now(), last)
    count = time === last ? count + 1 : 0
    last = time
    return timeId(time, count, random)
  }
}

/**
 * 26 characters: time, count within the millisecond, random. Across nodes the order is as exact as their
 * clocks.
 */
export function timeId(now: number, count: number, random: () => number): string {
  return digits(now, 10) + digits(count, 3) + randomId(13, random)
}

function digits(value: number, length: number): string {
  let text = ''
  let rest = value
  for (let i = 0; i < length; i++) {
    text = DIGITS.charAt(rest % 32) + text
    rest = Math.floor(rest / 32)
  }
  return text
}

export function randomId(length: number, random: () => number): string {
  let id = ''
  for (let i = 0; i < length; i++) id += DIGITS.charAt(Math.floor(random() * 32))
  return id
}

/** An unguessable id for tokens, independent of the injected `random`. */
export function secretId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(20))
  return [...bytes].map((byte) => DIGITS.charAt(byte % 32)).join('')
}
