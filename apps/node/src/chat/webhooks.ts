/** The configured webhooks as listeners of chat, with an HTTP client. */
import { type Fetch, type Listener, webhook } from '@skein/chat'
import type { WebhookTarget } from '../config/webhooks-file.ts'

export function configuredWebhooks(targets: readonly WebhookTarget[]): Listener[] {
  return targets.map(({ name, url, secret, events }) =>
    webhook({ name, url, secret, fetch: post, ...(events && { events }) }),
  )
}

/** The signal is the timeout of the delivery. A redirect is an error and is not followed. */
const post: Fetch = async (url, init) => {
  const response = await fetch(url, { ...init, redirect: 'error' })
  // An unread response would keep its connection.
  await response.body?.cancel()
  return { status: response.status }
}
