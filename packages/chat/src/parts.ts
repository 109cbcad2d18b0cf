import type { ChatContext } from './context.ts'
import type { Connections } from './people/connections.ts'
import type { Presence } from './people/presence.ts'
import type { Watchers } from './people/watchers.ts'
import type { Rpc } from './rpc/rpc.ts'

/** The parts that hooks call. */
export interface ChatParts {
  readonly chat: ChatContext
  readonly rpc: Rpc
  readonly presence: Presence
  readonly watchers: Watchers
  readonly connections: Connections
}
