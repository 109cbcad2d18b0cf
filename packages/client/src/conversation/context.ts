/** What a conversation needs of its client. */
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
  /** Calls reach the server, and nothing is missing. */
  online(): boolean
  /** Something that the list shows has changed. */
  touched(): void
  /** It is not ours any more. */
  removed(conversation: string): void
  /** Trouble that nobody waits for. */
  problem(error: unknown): void
  /** The other user of a direct conversation. */
  otherOf(conversation: string): { readonly with?: string }
}
