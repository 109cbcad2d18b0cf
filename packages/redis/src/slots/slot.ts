/**
 * Slot of a key in a Redis Cluster: CRC16 of its hash tag, or of the whole key. Redis Cluster specification,
 * appendix A.
 */

export const SLOTS = 16_384

const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1
  return crc & 0xffff
})

const encoder = new TextEncoder()

export function slotOf(key: string): number {
  let crc = 0
  for (const byte of encoder.encode(hashTag(key))) {
    crc = ((crc << 8) ^ (TABLE[((crc >> 8) ^ byte) & 0xff] ?? 0)) & 0xffff
  }
  return crc % SLOTS
}

/** Text between the first `{` and the next `}`, unless that is empty. */
function hashTag(key: string): string {
  const from = key.indexOf('{')
  const to = from < 0 ? -1 : key.indexOf('}', from + 1)
  return to > from + 1 ? key.slice(from + 1, to) : key
}

/** Returns a function from a key to a short hash tag of its slot. Finding all tags takes some 50 ms. */
export function createSlotTags(): (key: string) => string {
  const tags = findTags()
  return (key) => tags[slotOf(key)] ?? ''
}

function findTags(): string[] {
  const found: string[] = []
  let missing = SLOTS
  for (let at = 0; missing > 0; at++) {
    const tag = at.toString(36)
    const slot = slotOf(tag)
    if (found[slot] !== undefined) continue
    found[slot] = tag
    missing--
  }
  return found
}
