import type { Payload } from '@skein/protocol'
import type { ChatEvent, LogEvent } from './chat-event.ts'

/**
 * The event of a publication; `undefined` for other data. Only the `event` member is checked, since this
 * package alone writes to these streams.
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
