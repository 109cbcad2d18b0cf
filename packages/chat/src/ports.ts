/**
 * The storage that chat needs beyond the channels' streams, one port a file. `memory/` implements it in one
 * process, `@skein/redis` over Redis; both pass `testing/storage-contract.ts`. Every method is one atomic
 * step, works from any node, and rejects with core's `Unavailable` while the storage cannot be reached.
 */
import type { Amendments } from './ports/amendments.ts'
import type { Conversations } from './ports/conversations.ts'
import type { Cursors } from './ports/cursors.ts'
import type { DeadLetters } from './ports/dead-letters.ts'
import type { EventStream } from './ports/events.ts'
import type { Ledger } from './ports/ledger.ts'
import type { People } from './ports/people.ts'
import type { Rates } from './ports/rates.ts'
import type { Rooms } from './ports/rooms.ts'
import type { Tasks } from './ports/tasks.ts'

export type * from './ports/amendments.ts'
export type * from './ports/conversations.ts'
export type * from './ports/cursors.ts'
export type * from './ports/dead-letters.ts'
export type * from './ports/events.ts'
export type * from './ports/ledger.ts'
export type * from './ports/page.ts'
export type * from './ports/people.ts'
export type * from './ports/rates.ts'
export type * from './ports/rooms.ts'
export type * from './ports/tasks.ts'

/** Every port. */
export interface ChatStorage {
  readonly ledger: Ledger
  readonly amendments: Amendments
  readonly rooms: Rooms
  readonly conversations: Conversations
  readonly cursors: Cursors
  readonly people: People
  readonly rates: Rates
  readonly tasks: Tasks
  readonly events: EventStream
  readonly deadLetters: DeadLetters
  close(): Promise<void>
}
