/** The key of the server API: `X-API-Key: K` or `Authorization: apikey K`. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/** Compares in a time that says nothing of either: hashes have one length, and their bytes cannot be chosen. */
export function keyChecker(key: string): (headers: IncomingHttpHeaders) => boolean {
  const expected = digest(key)
  return (headers) => timingSafeEqual(digest(keyOf(headers)), expected) && key !== ''
}

function keyOf({ 'x-api-key': own, authorization = '' }: IncomingHttpHeaders): string {
  if (typeof own === 'string') return own
  return /^apikey +(.*)$/i.exec(authorization)?.[1] ?? ''
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
