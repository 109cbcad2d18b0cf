/** Dependencies that the parts of chat share on one node, passed as an argument. */
import type { Clock, SkeinNode } from '@skein/core'
import type { ChatLimits } from './limits.ts'
import type { Listener } from './listeners/listener.ts'
import type { ChatObserver } from './observer.ts'
import type { ChatStorage } from './ports.ts'

export interface ChatContext {
  readonly node: SkeinNode
  readonly storage: ChatStorage
  readonly limits: ChatLimits
  readonly clock: Clock
  /** Uniform in [0, 1). */
  readonly random: () => number
  /** A new id that sorts by time. */
  readonly newId: () => string
  /** Retention of a log and its records after the last message, in seconds. */
  readonly logTtl: number
  /** Maximum number of publications in a log. */
  readonly logSize: number
  readonly listeners: readonly Listener[]
  readonly mayBroadcast: (user: string) => boolean
  readonly observer: ChatObserver
}

/** The caller of a method: one connection of a user. */
export interface Caller {
  readonly user: string
  /** Id of the connection. */
  readonly client: string
  readonly device: string
}

/** Reports an error that no caller receives, for logs and metrics. */
export function report(chat: ChatContext, where: string, error: unknown): void {
  chat.node.events.emit('internalError', { where: `chat ${where}`, error })
}
