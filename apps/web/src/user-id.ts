/**
 * The user id of a typed name, for a cluster without accounts. The node signs it, and the page finds people
 * by it.
 */

/** Maximum percent-encoded length: two ids and `dm::` must fit into a channel name. */
const MAX_ENCODED_LENGTH = 100
/** Encoded length of the readable part before the hash of a longer id. */
const MAX_READABLE_LENGTH = 60

/** Lower case without spaces: "Ada" and "ada" are one user, and every user can be mentioned. */
export function userIdOf(name: string): string {
  const plain = name.trim().normalize().toLowerCase().replace(/ +/g, '-')
  if (encodeURIComponent(plain).length <= MAX_ENCODED_LENGTH) return plain
  let readable = ''
  for (const character of plain) {
    if (encodeURIComponent(readable + character).length > MAX_READABLE_LENGTH) break
    readable += character
  }
  return `${readable}.${hash(plain)}`
}

/** cyrb53: 53 bits suffice to distinguish long names in a development cluster. No secret depends on it. */
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
