/** Pushes between our flat union and the wire, where each kind is a message of its own inside `Push`. */
import type { Push } from '../messages.ts'
import type { PushKind } from './results.ts'

/** What stands in the push's own message. */
export function bodyOf(push: Exclude<Push, { kind: 'pub' | 'ping' }>): object {
  return 'result' in push ? push.result : push
}

/** The table of the kind has read `body`, which the union cannot see. */
export function pushOf(kind: PushKind, channel: string, body: object): Push {
  switch (kind) {
    case 'subscribe':
      return { kind, channel, result: body } as Push
    case 'connect':
      return { kind, result: body } as Push
    case 'message':
      return { kind, data: new Uint8Array(0), ...body } as Push
    case 'disconnect':
    case 'refresh':
      return { kind, ...body } as Push
    default:
      return { kind, channel, ...body } as Push
  }
}
