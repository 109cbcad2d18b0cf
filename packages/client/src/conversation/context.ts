/** Dependencies of a conversation on its client. */
import type { CallServer } from '../calls.ts'
import type { CursorReporter } from '../sending/cursor-reporter.ts'
import type { Outbox } from '../sending/outbox.ts'
import type { Sender } from '../sending/sender.ts'

export interface Context {
  readonly me: string
  readonly call: CallServer
  readonly now: () => number
  readonly outbox: Outbox
  readonly sender: Sender
  readonly read: CursorReporter
  readonly delivered: CursorReporter
  /** True while calls reach the server. */
  online(): boolean
  /** To be called when the state in the list changed. */
  touched(): void
  /** To be called when the user is no longer in the conversation. */
  removed(conversation: string): void
  /** Reports an error that no caller receives. */
  problem(error: unknown): void
  /** The other user of a direct conversation. */
  otherOf(conversation: string): { readonly with?: string }
}
