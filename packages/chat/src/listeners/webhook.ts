/** A listener over HTTP: each event is a signed POST by the injected `fetch`. */
import type { IntegrationEvent } from '../events/integration-event.ts'
import { BACKOFF, type Backoff } from './backoff.ts'
import type { BreakerOptions } from './breaker.ts'
import type { Listener } from './listener.ts'
import { SIGNATURE_HEADER, sign } from './signature.ts'

/** The part of the global `fetch` that webhooks need. */
export type Fetch = (
  url: string,
  init: {
    readonly method: 'POST'
    readonly headers: Readonly<Record<string, string>>
    readonly body: string
    /** A redirect would send the event to a host that is not configured. */
    readonly redirect: 'manual'
    readonly signal: AbortSignal
  },
) => Promise<{ readonly status: number }>

export interface WebhookOptions {
  /** Name of its consumer group. */
  readonly name: string
  /** `https:`, or `http:` to the loopback interface. From configuration only, never from a request. */
  readonly url: string
  /** Secret shared with the receiver; at least 16 characters. */
  readonly secret: string
  /** Event types to send. Absent: all. */
  readonly events?: Listener['events']
  readonly fetch: Fetch
  /** Unix ms. */
  readonly now?: () => number
  readonly backoff?: Partial<Backoff>
  readonly breaker?: BreakerOptions
}

const MIN_SECRET_LENGTH = 16
const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Throws an `Error` for invalid options. */
export function webhook(options: WebhookOptions): Listener {
  const { name, secret, fetch, now = Date.now, breaker, events } = options
  const url = checkUrl(options.url)
  if (secret.length < MIN_SECRET_LENGTH) {
    throw new Error(
      `webhook ${name}: the secret has ${secret.length} characters: use at least ${MIN_SECRET_LENGTH}`,
    )
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
    throw new Error('a webhook URL cannot hold a user name or password: use the secret')
  const secure = url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK_HOSTS.has(url.hostname))
  if (!secure) throw new Error(`webhook ${url.origin} is not secure: use https, or http to localhost`)
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
  if (status < 200 || status > 299) throw new Error(`the receiver replied ${status}`)
}
