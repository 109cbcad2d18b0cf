/** Events that listeners outside chat receive at least once. A repetition has the same `id`. */
import type { Message } from '../schema.ts'

export type IntegrationEvent = {
  readonly id: string
  /** Unix ms. */
  readonly at: number
  /** Set by a replay: the one listener that it is for. */
  readonly only?: string
} & (
  | {
      readonly type: 'message.offline'
      /** None of this user's devices was connected. */
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

/** Every type there is: for configuration. */
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
