import type { Dialect } from './dialect.ts'
import { nchan } from './nchan.ts'
import { plain } from './plain.ts'
import { skeinJson } from './skein-json.ts'
import { skeinProtobuf } from './skein-protobuf.ts'
import { socketIo } from './socket-io.ts'

export const DIALECTS = {
  'skein-json': skeinJson,
  'skein-protobuf': skeinProtobuf,
  'socket-io': socketIo,
  plain,
  nchan,
} satisfies Record<string, Dialect>

export type DialectName = keyof typeof DIALECTS
export type { Conversation, Dialect, Identity } from './dialect.ts'
