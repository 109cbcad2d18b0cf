import type { Payload } from '@skein/protocol'
import type { ChatEvent, LogEvent } from './chat-event.ts'

/**
 * The event of a publication in a stream that only chat writes to; `undefined` for what is none. Only its kind is looked
 * at: the rest was written by this package.
 */
export function parseEvent(data: Payload): ChatEvent | undefined {
  if (typeof data !== 'string') return undefined
  const value: unknown = JSON.parse(data) // a string payload is valid JSON: see protocol's `Payload`
  return typeof value === 'object' && value !== null && 'event' in value ? (value as ChatEvent) : undefined
}

export function parseLogEvent(data: Payload): LogEvent | undefined {
  const event = parseEvent(data)
  return event?.event === 'message' || event?.event === 'amended' ? event : undefined
}
