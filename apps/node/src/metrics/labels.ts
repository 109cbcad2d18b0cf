/** Label values from a closed set: what a client may choose never becomes a time series. */
import { CLOSE } from '@skein/protocol'

/** Names by which the official SDKs present themselves, and our own. */
const SDKS: ReadonlySet<string> = new Set([
  'js',
  'dart',
  'swift',
  'java',
  'go',
  'python',
  'csharp',
  'skein-demo',
  'skein-cli',
])

export function sdkLabel(name: string): string {
  if (name === '') return 'none'
  return SDKS.has(name) ? name : 'other'
}

/** 1000-1015 are the WebSocket's own (RFC 6455, 7.4.1); the rest is our table, or chosen by clients and API callers. */
const CLOSE_CODES: ReadonlySet<number> = new Set(Object.values(CLOSE).map(({ code }) => code))

export function closeLabel(code: number): string {
  const known = CLOSE_CODES.has(code) || (code >= 1000 && code <= 1015)
  return known ? String(code) : 'other'
}

/** Application hooks may answer with any code from 400 on. */
export function errorLabel(code: number): string {
  return code < 400 ? String(code) : 'application'
}

/** The namespace of a channel where it is configured. */
export function namespaceLabels(names: Iterable<string>): (channel: string) => string {
  const known = new Set(names)
  return (channel) => {
    if (channel.startsWith('#')) return 'personal'
    const colon = channel.indexOf(':')
    if (colon < 0) return 'none'
    const name = channel.slice(0, colon)
    return known.has(name) ? name : 'other'
  }
}
