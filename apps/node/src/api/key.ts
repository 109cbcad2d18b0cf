/** The keys of the server API: `X-API-Key: K` or `Authorization: apikey K`. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/**
 * Accepts the current key, and the previous one during a rotation; an empty key is never accepted. The
 * comparison of hashes has a fixed length and always visits both keys, so its time reveals neither of them.
 */
export function keyChecker(current: string, previous: string): (headers: IncomingHttpHeaders) => boolean {
  const accepted = [current, previous].filter((key) => key !== '').map(digest)
  return (headers) => {
    const given = digest(keyOf(headers))
    return accepted.map((expected) => timingSafeEqual(given, expected)).includes(true)
  }
}

function keyOf({ 'x-api-key': own, authorization = '' }: IncomingHttpHeaders): string {
  if (typeof own === 'string') return own
  return /^apikey +(.*)$/i.exec(authorization)?.[1] ?? ''
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
