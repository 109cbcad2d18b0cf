import type { Codec } from './codec.ts'
import { jsonCodec } from './json.ts'
import type { Encoding } from './payload.ts'
import { protobufCodec } from './protobuf.ts'

export { jsonCodec, protobufCodec }

/** The codec of a connection, chosen at the handshake. */
export function codecOf(encoding: Encoding): Codec {
  return encoding === 'json' ? jsonCodec : protobufCodec
}
