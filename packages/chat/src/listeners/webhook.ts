/** A listener over HTTP: each event is a signed POST. HTTP itself is given, so that chat knows none. */
import type { IntegrationEvent } from '../events/integration-event.ts'
import { BACKOFF, type Backoff } from './backoff.ts'
import type { BreakerOptions } from './breaker.ts'
import type { Listener } from './listener.ts'
import { SIGNATURE_HEADER, sign } from './signature.ts'

/** As the global `fetch`, as far as it is used. */
export type Fetch = (
  url: string,
  init: {
    readonly method: 'POST'
    readonly headers: Readonly<Record<string, string>>
    readonly body: string
    /** A redirect would take the event to where nobody configured it. */
    readonly redirect: 'manual'
    readonly signal: AbortSignal
  },
) => Promise<{ readonly status: number }>

export interface WebhookOptions {
  /** Names its consumer group. */
  readonly name: string
  /** From configuration only, never from a request: `https:`, or `http:` to this machine. */
  readonly url: string
  /** Shared with the receiver; at least 16 characters. */
  readonly secret: string
  /** Those that are sent. Absent: all. */
  readonly events?: Listener['events']
  readonly fetch: Fetch
  /** Unix ms. */
  readonly now?: () => number
  readonly backoff?: Partial<Backoff>
  readonly breaker?: BreakerOptions
}

const SECRET_LENGTH = 16
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Throws an `Error` that says what is wrong with the options. */
export function webhook(options: WebhookOptions): Listener {
  const { name, secret, fetch, now = Date.now, breaker, events } = options
  const url = checkUrl(options.url)
  if (secret.length < SECRET_LENGTH) {
    throw new Error(`webhook ${name}: the secret needs ${SECRET_LENGTH} characters at least`)
  }
  const backoff = { ...BACKOFF, ...options.backoff }
  return {
    name,
    backoff,
    ...(events && { events }),
    ...(breaker && { breaker }),
    deliver: (event) => post(url, secret, fetch, now(), backoff.timeout, event),
  }
}

function checkUrl(text: string): string {
  const url = new URL(text)
  if (url.username !== '' || url.password !== '')
    throw new Error('a webhook URL holds no password: use the secret')
  const secure = url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.has(url.hostname))
  if (!secure) throw new Error(`webhook ${url.origin}: use https, or http on this machine`)
  return url.href
}

async function post(
  url: string,
  secret: string,
  fetch: Fetch,
  now: number,
  timeout: number,
  event: IntegrationEvent,
): Promise<void> {
  const body = JSON.stringify(event)
  const headers = {
    'content-type': 'application/json',
    [SIGNATURE_HEADER]: await sign(secret, Math.floor(now / 1000), body),
    'skein-event': event.type,
    'skein-event-id': event.id,
  }
  const signal = AbortSignal.timeout(timeout)
  const { status } = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal })
  if (status < 200 || status > 299) throw new Error(`answered ${status}`)
}
