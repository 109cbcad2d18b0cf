/**
 * Messages on the bus: text with a short header, parsed by `indexOf` and `slice` alone, since every node
 * parses every publication of its channels.
 *
 *     p<offset>:<epoch>:<envelope>      publication; `p0::…` without history
 *     j<users><info JSON>               join; users: number of users in the channel now, empty if not counted
 *     l<users><info JSON>               leave
 *     @<length>:<channel><message>      on a node's bus channel: one of the above for a personal channel
 *     ?<token>                          on a node's bus channel: a probe of the Pub/Sub path
 */
import type { BrokerListener } from '@skein/core'
import type { ClientInfo, Envelope } from '@skein/protocol'

const PUBLICATION = 'p'.charCodeAt(0)
const JOIN = 'j'.charCodeAt(0)
const LEAVE = 'l'.charCodeAt(0)

/** A complete publication without position. With position, the script writes it: see `publish-5.lua`. */
export function unpositioned(envelope: Envelope): string {
  return `p0::${envelope}`
}

/** Prefix of a message for a personal channel. The length is in UTF-16 units. */
export function address(channel: string): string {
  return `@${channel.length}:${channel}`
}

/** The channel and message behind an {@link address}; `undefined` for other text. */
export function readAddress(text: string): { channel: string; message: string } | undefined {
  const at = text.indexOf(':')
  const length = Number(text.slice(1, at))
  if (at < 0 || !Number.isSafeInteger(length) || length < 0 || text.length < at + 1 + length) return undefined
  return { channel: text.slice(at + 1, at + 1 + length), message: text.slice(at + 1 + length) }
}

/** Passes a message to the listener. Returns false for text that is no message. */
export function deliver(channel: string, text: string, listener: BrokerListener): boolean {
  switch (text.charCodeAt(0)) {
    case PUBLICATION:
      return deliverPublication(channel, text, listener)
    case JOIN:
      return deliverInfo(text, (info, users) => listener.onJoin(channel, info, users))
    case LEAVE:
      return deliverInfo(text, (info, users) => listener.onLeave(channel, info, users))
    default:
      return false
  }
}

function deliverPublication(channel: string, text: string, listener: BrokerListener): boolean {
  const first = text.indexOf(':')
  const second = text.indexOf(':', first + 1)
  const offset = Number(text.slice(1, first))
  if (first < 0 || second < 0 || !Number.isSafeInteger(offset)) return false
  const epoch = text.slice(first + 1, second)
  listener.onPublication(channel, { offset, epoch }, text.slice(second + 1) as Envelope)
  return true
}

function deliverInfo(text: string, listener: (info: ClientInfo, users?: number) => void): boolean {
  const at = text.indexOf('{')
  const count = text.slice(1, at)
  const info = at < 0 || !/^\d{0,15}$/.test(count) ? undefined : readInfo(text.slice(at))
  if (info === undefined) return false
  listener(info, count === '' ? undefined : Number(count))
  return true
}

/** `undefined` if the text is no info. */
export function readInfo(text: string): ClientInfo | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isInfo(value) ? value : undefined
  } catch {
    return undefined // The caller counts and reports it.
  }
}

function isInfo(value: unknown): value is ClientInfo {
  if (typeof value !== 'object' || value === null) return false
  return (
    'user' in value && typeof value.user === 'string' && 'client' in value && typeof value.client === 'string'
  )
}
