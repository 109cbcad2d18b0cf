/** Label values from a closed set. A client cannot create a time series. */
import { CLOSE } from '@skein/protocol'

/** Names in `connect` of the official SDKs, and of our clients. */
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

/**
 * 1000-1015 are codes of WebSocket (RFC 6455, section 7.4.1). Clients and API callers may choose other codes.
 */
const CLOSE_CODES: ReadonlySet<number> = new Set(Object.values(CLOSE).map(({ code }) => code))

export function closeLabel(code: number): string {
  const known = CLOSE_CODES.has(code) || (code >= 1000 && code <= 1015)
  return known ? String(code) : 'other'
}

/** Hooks of the application may use any code from 400 on. */
export function errorLabel(code: number): string {
  return code < 400 ? String(code) : 'application'
}

/** The namespace of a channel if it is configured. */
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
