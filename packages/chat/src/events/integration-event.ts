/** Events that listeners outside chat receive at least once. A repetition has the same `id`. */
import type { Message } from '../schema.ts'

export type IntegrationEvent = {
  readonly id: string
  /** Unix ms. */
  readonly at: number
  /** Set by a replay: the only listener that receives it. */
  readonly only?: string
} & (
  | {
      readonly type: 'message.offline'
      /** The addressee, none of whose devices was connected. */
      readonly user: string
      readonly conversation: string
      readonly offset: number
      readonly message: Message
    }
  | {
      readonly type: 'room.created' | 'room.renamed' | 'room.archived' | 'room.restored'
      readonly room: string
      readonly by: string
      readonly name?: string
    }
  | {
      readonly type: 'room.joined' | 'room.left' | 'room.kicked' | 'room.banned'
      readonly room: string
      readonly user: string
      readonly by: string
    }
)

/** Every type, for configuration. */
export const INTEGRATION_EVENTS = [
  'message.offline',
  'room.created',
  'room.renamed',
  'room.archived',
  'room.restored',
  'room.joined',
  'room.left',
  'room.kicked',
  'room.banned',
] as const satisfies readonly IntegrationEvent['type'][]
