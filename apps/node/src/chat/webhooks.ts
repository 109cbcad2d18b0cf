/** The configured webhooks as listeners of chat: this is where they get their HTTP. */
import { type Fetch, type Listener, webhook } from '@skein/chat'
import type { WebhookTarget } from '../config/webhooks-file.ts'

export function configuredWebhooks(targets: readonly WebhookTarget[]): Listener[] {
  return targets.map(({ name, url, secret, events }) =>
    webhook({ name, url, secret, fetch: post, ...(events && { events }) }),
  )
}

/** Ends by the signal's time, which is the delivery's timeout. A redirect is an error, never followed. */
const post: Fetch = async (url, init) => {
  const response = await fetch(url, { ...init, redirect: 'error' })
  // Nobody reads the answer, and unread it would hold its connection.
  await response.body?.cancel()
  return { status: response.status }
}
