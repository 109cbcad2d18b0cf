/** Publishes events with idempotency keys, so a repeated task publishes each event once. */
import type { PublishResult } from '@skein/core'
import type { StreamPosition } from '@skein/protocol'
import type { ChatContext } from '../context.ts'
import { placeOf } from '../observer.ts'
import { type ChatEvent, eventKey } from './chat-event.ts'
import { parseEvent } from './parse.ts'

/** The broker keeps an idempotency key for 5 minutes. Tasks older than this search the stream first. */
const BROKER_KEY_MEMORY_MS = 240_000
const SEARCH_PAGE_SIZE = 200

/** `since` is the time of the first attempt, Unix ms. */
export async function publishOnce(
  chat: ChatContext,
  channel: string,
  event: ChatEvent,
  since: number,
): Promise<StreamPosition> {
  const key = eventKey(event)
  if (key !== undefined && chat.clock.now() - since > BROKER_KEY_MEMORY_MS) {
    const found = await find(chat, channel, key)
    if (found !== undefined) return found
  }
  return publish(chat, channel, event, key)
}

/** Publishes to current subscribers only; the stream does not keep the event. */
export async function publishPassing(chat: ChatContext, channel: string, event: ChatEvent): Promise<void> {
  await chat.node.publish(channel, { data: JSON.stringify(event), skipHistory: true })
  chat.observer.published(event.event, placeOf(channel))
}

/** Publishes an event that the stream keeps. Events without a key may repeat. */
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

/** Searches from the newest, since a repeated event is rarely old. */
async function find(chat: ChatContext, channel: string, key: string): Promise<StreamPosition | undefined> {
  let before: number | undefined
  for (;;) {
    const since = before === undefined ? {} : { since: { offset: before, epoch: '' } }
    const page = await chat.node.history(channel, { limit: SEARCH_PAGE_SIZE, reverse: true, ...since })
    for (const { offset, data } of page.decoded) {
      const event = parseEvent(data)
      if (event !== undefined && eventKey(event) === key) return { offset, epoch: page.epoch }
    }
    before = page.publications.at(-1)?.offset
    if (before === undefined || page.publications.length < SEARCH_PAGE_SIZE) return undefined
  }
}
