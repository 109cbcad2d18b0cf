/** Converts pushes between Skein's flat union and the wire, where each kind is a message within `Push`. */
import type { Push } from '../messages.ts'
import type { PushKind } from './results.ts'

/** The message of the push's kind. */
export function bodyOf(push: Exclude<Push, { kind: 'pub' | 'ping' }>): object {
  return 'result' in push ? push.result : push
}

/** The table of the kind determines `body`, which the union type cannot express. */
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
