/** The user id of a typed name, for a cluster without accounts: the node signs it, and the page finds people by it. */

/** So that two of them, and `dm::`, fit into a channel name. */
const LONGEST = 40

/**
 * Letters, digits, `_`, `-` and `.` only, so that everybody can be mentioned. Whoever signs in as "Ada" and "ada" is one; what
 * is not plain ASCII is percent-encoded with `.` for `%`.
 */
export function userIdOf(name: string): string {
  const plain = name.trim().normalize().toLowerCase()
  const encoded = encodeURIComponent(plain)
    .replace(/[!'()*~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '-')
    .replaceAll('%', '.')
  return encoded.length <= LONGEST ? encoded : `${encoded.slice(0, 24)}.${hash(plain)}`
}

/** cyrb53: 53 bits, enough to tell apart the long names of a development cluster. No secret depends on it. */
function hash(text: string): string {
  let [a, b] = [0xdeadbeef, 0x41c6ce57]
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    a = Math.imul(a ^ code, 2654435761)
    b = Math.imul(b ^ code, 1597334677)
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36)
}
