/** Publishes events so that each happens once, however often its work is repeated. */
import type { PublishResult } from '@skein/core'
import type { StreamPosition } from '@skein/protocol'
import type { ChatContext } from '../context.ts'
import { placeOf } from '../observer.ts'
import { type ChatEvent, eventKey } from './chat-event.ts'
import { parseEvent } from './parse.ts'

/** The broker remembers an idempotency key for 5 minutes. Work older than this looks into the stream first, ms. */
const REMEMBERED = 240_000
const PAGE = 200

/** `since`: when this was first tried, Unix ms. */
export async function publishOnce(
  chat: ChatContext,
  channel: string,
  event: ChatEvent,
  since: number,
): Promise<StreamPosition> {
  const key = eventKey(event)
  if (key !== undefined && chat.clock.now() - since > REMEMBERED) {
    const found = await find(chat, channel, key)
    if (found !== undefined) return found
  }
  return publish(chat, channel, event, key)
}

/** To those who are there now; the stream does not keep it. */
export async function publishPassing(chat: ChatContext, channel: string, event: ChatEvent): Promise<void> {
  await chat.node.publish(channel, { data: JSON.stringify(event), skipHistory: true })
  chat.observer.published(event.event, placeOf(channel))
}

/** Kept by the stream. Without key: events that may be repeated without harm. */
export async function publish(
  chat: ChatContext,
  channel: string,
  event: ChatEvent,
  key: string | undefined = eventKey(event),
): Promise<PublishResult> {
  const result = await chat.node.publish(channel, {
    data: JSON.stringify(event),
    ...(key !== undefined && { idempotencyKey: key }),
  })
  if (!result.duplicate) chat.observer.published(event.event, placeOf(channel))
  return result
}

/** Newest first: what is repeated is seldom old. */
async function find(chat: ChatContext, channel: string, key: string): Promise<StreamPosition | undefined> {
  let before: number | undefined
  for (;;) {
    const since = before === undefined ? {} : { since: { offset: before, epoch: '' } }
    const page = await chat.node.history(channel, { limit: PAGE, reverse: true, ...since })
    for (const { offset, data } of page.decoded) {
      const event = parseEvent(data)
      if (event !== undefined && eventKey(event) === key) return { offset, epoch: page.epoch }
    }
    before = page.publications.at(-1)?.offset
    if (before === undefined || page.publications.length < PAGE) return undefined
  }
}
