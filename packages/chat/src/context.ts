/** What the pieces of chat share on one node. Passed as an argument, never looked up. */
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
  /** Seconds for which a log and what belongs to it are kept after the last message. */
  readonly logTtl: number
  /** Publications that a log keeps. */
  readonly logSize: number
  readonly listeners: readonly Listener[]
  readonly mayBroadcast: (user: string) => boolean
  readonly observer: ChatObserver
}

/** Who calls: one connection of a user. */
export interface Caller {
  readonly user: string
  /** Of the connection. */
  readonly client: string
  readonly device: string
}

/** Told as core tells what no caller hears of: for logs and metrics. */
export function report(chat: ChatContext, where: string, error: unknown): void {
  chat.node.events.emit('internalError', { where: `chat ${where}`, error })
}
