/**
 * What chat keeps beyond the channels' streams, declared by who needs it. `memory/` implements all of it in one process,
 * `@skein/redis` over Redis; both pass `testing/storage-contract.ts`. Every method is one atomic step. Everything here can
 * be reached from any node, and rejects with core's `Unavailable` while it cannot.
 */
import type { StreamPosition } from '@skein/protocol'

/** The first result of a call, by the caller's own id of it. */
export interface Ledger {
  /** Keeps `proposed` under `key`, or returns what an earlier call kept. `ttl` in seconds. */
  reserve(key: string, proposed: Reserved, ttl: number): Promise<Reserved & { readonly known: boolean }>
  /** Adds the result to what was reserved. */
  settle(key: string, result: string): Promise<void>
}

export interface Reserved {
  /** The id that the message or operation has whoever repeats it. */
  readonly id: string
  /** Unix ms. */
  readonly at: number
  /** JSON text; absent: not known yet. */
  readonly result?: string
}

/** What became of messages since they were sent: one record each, beside the log, for those who come later. */
export interface Amendments {
  read(conversation: string, offsets: readonly number[]): Promise<readonly (AmendmentRecord | undefined)[]>
  /** False when the record's version is not `expected` (0: none). */
  write(
    conversation: string,
    offset: number,
    record: AmendmentRecord,
    expected: number,
    ttl: number,
  ): Promise<boolean>
  /** The records live on with their log, seconds. */
  keep(conversation: string, ttl: number): Promise<void>
  /** Forgets the records of messages before `offset`, which the log no longer holds. */
  trim(conversation: string, offset: number): Promise<void>
}

export interface AmendmentRecord {
  readonly version: number
  /** JSON text. */
  readonly state: string
}

export type Role = 'owner' | 'moderator' | 'member'
export type Visibility = 'public' | 'members'

export interface RoomRecord {
  readonly id: string
  readonly name: string
  /** The name as it is compared: no two rooms have the same. */
  readonly nameKey: string
  readonly visibility: Visibility
  readonly createdBy: string
  /** Unix ms. */
  readonly createdAt: number
  readonly archivedAt?: number
}

export interface CountedRoom extends RoomRecord {
  readonly members: number
}

export interface Member {
  readonly user: string
  readonly role: Role
  readonly joinedAt: number
  /** Unix ms; absent: not muted. */
  readonly mutedUntil?: number
}

export interface Ban {
  readonly user: string
  readonly by: string
  readonly at: number
  /** Unix ms; absent: for good. */
  readonly until?: number
}

/** How a user stands to a room. */
export interface Standing {
  readonly room: CountedRoom
  readonly role?: Role
  readonly joinedAt?: number
  readonly mutedUntil?: number
  /** Not judged by time: `until` may be over. */
  readonly ban?: Ban
}

export interface Invite {
  readonly token: string
  readonly room: string
  readonly by: string
  /** Absent: for whoever has the token. */
  readonly user?: string
  /** Unix ms. */
  readonly expiresAt: number
}

/** A page of a list in the order of its keys; `cursor` absent: no more. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly cursor?: string
}

export interface PageCall {
  readonly limit: number
  /** The `cursor` of the page before. */
  readonly cursor?: string | undefined
}

/** Rooms: registry, unique names, members. */
export interface Rooms {
  /** False: the name is another room's. A repeated call with the same id is true. */
  create(room: RoomRecord, owner: Member): Promise<boolean>
  get(ids: readonly string[]): Promise<readonly (CountedRoom | undefined)[]>
  /** False: the name is another room's, or the room is gone. */
  rename(id: string, name: string, nameKey: string): Promise<boolean>
  /** `archivedAt` null: no longer archived. */
  update(
    id: string,
    change: { readonly visibility?: Visibility; readonly archivedAt?: number | null },
  ): Promise<void>
  /** Rooms by name that begin with `prefix` (as name keys). */
  byName(prefix: string, page: PageCall): Promise<Page<CountedRoom>>
  standing(id: string, user: string): Promise<Standing | undefined>
  /** `banned` is judged at `member.joinedAt`. */
  join(
    id: string,
    member: Member,
    most: number,
  ): Promise<'joined' | 'already' | 'full' | 'banned' | 'unknown'>
  /** `last_owner`: others would be left without one. */
  leave(id: string, user: string): Promise<'left' | 'absent' | 'last_owner'>
  setRole(id: string, user: string, role: Role): Promise<'set' | 'absent' | 'last_owner'>
  members(id: string, page: PageCall): Promise<Page<Member>>
  ban(id: string, ban: Ban): Promise<void>
  unban(id: string, user: string): Promise<void>
  bans(id: string, page: PageCall): Promise<Page<Ban>>
  /** `until` 0: no more. */
  mute(id: string, user: string, until: number): Promise<void>
  invite(invite: Invite, ttl: number): Promise<void>
  /** At most one user ever redeems a token; that user may repeat it. */
  redeem(token: string, user: string, now: number): Promise<Invite | 'used' | 'expired' | 'not_yours'>
}

/** How far a user has come in a conversation. */
export interface Cursor extends StreamPosition {
  /** Unix ms of the message there, by which the place is found again in another epoch. */
  readonly at: number
}

export interface Flags {
  readonly muted: boolean
  readonly pinned: boolean
}

export interface UserConversations {
  readonly rooms: readonly string[]
  /** Users with whom there is a conversation of two, the latest first. */
  readonly directs: readonly string[]
}

/** What a user has of conversations. */
export interface Conversations {
  /** False: the user has `most` already. */
  addRoom(user: string, room: string, most: number): Promise<boolean>
  removeRoom(user: string, room: string): Promise<void>
  /** Remembers the conversation of two as of `at`; the oldest beyond `most` are forgotten. */
  touchDirect(user: string, other: string, at: number, most: number): Promise<void>
  of(user: string): Promise<UserConversations>
  /** When something was sent last; never goes back. `ttl` in seconds. */
  touch(conversation: string, at: number, ttl: number): Promise<void>
  touched(conversations: readonly string[]): Promise<readonly (number | undefined)[]>
  setFlags(user: string, conversation: string, flags: Partial<Flags>): Promise<Flags>
  flags(user: string, conversations: readonly string[]): Promise<readonly Flags[]>
}

export interface Advance {
  /** True when the cursor moved. */
  readonly advanced: boolean
  readonly cursor: Cursor
}

export interface UserCursors {
  readonly read?: Cursor
  /** The furthest of all devices. */
  readonly delivered?: Cursor
}

/** Read and delivered cursors. They never go back: in one epoch by offset, over epochs by the time of the message. */
export interface Cursors {
  read(user: string, conversation: string, cursor: Cursor): Promise<Advance>
  /** `advanced` tells whether the furthest of all devices moved. */
  deliver(user: string, device: string, conversation: string, cursor: Cursor): Promise<Advance>
  of(user: string, conversations: readonly string[]): Promise<readonly UserCursors[]>
}

export type Status = 'online' | 'away' | 'suspected' | 'offline'

/** What was said of a person last. */
export interface PersonRecord {
  readonly status: Status
  /** Unix ms; absent: is here, or was never. */
  readonly lastSeen?: number
  /** Unix ms of the change. */
  readonly at: number
  readonly rev: number
}

export interface Device {
  readonly device: string
  readonly name: string
  /** Unix ms. */
  readonly lastSeen: number
}

/** What chat knows of a connection; whether it is still there, core's sessions say. */
export interface ChatConnection {
  readonly client: string
  readonly device: string
  readonly away: boolean
}

/** People, their devices and display names. */
export interface People {
  persons(users: readonly string[]): Promise<readonly (PersonRecord | undefined)[]>
  /** False when the record's `rev` is not `expected` (0: none). */
  setPerson(user: string, person: PersonRecord, expected: number): Promise<boolean>
  /** The oldest beyond `most` are forgotten. */
  setDevice(user: string, device: Device, most: number): Promise<void>
  removeDevice(user: string, device: string): Promise<void>
  devices(user: string): Promise<readonly Device[]>
  setConnection(user: string, connection: ChatConnection): Promise<void>
  removeConnections(user: string, clients: readonly string[]): Promise<void>
  connections(user: string): Promise<readonly ChatConnection[]>
  setName(user: string, name: string): Promise<void>
  names(users: readonly string[]): Promise<readonly (string | undefined)[]>
}

/** Token buckets. */
export interface Rates {
  /** Takes one token; returns 0, or the ms until there is one. */
  take(key: string, burst: number, perSecond: number, now: number): Promise<number>
}

/** Work to be done at a time by any node, at least once. */
export interface Tasks {
  /** A known id keeps its first payload; its time becomes `at`. Unix ms. */
  put(id: string, at: number, payload: string): Promise<void>
  remove(id: string): Promise<void>
  /** Tasks whose time has come; they are due again at `now + lease`, in case the taker does not finish. */
  take(now: number, lease: number, limit: number): Promise<readonly TakenTask[]>
}

export interface TakenTask {
  readonly id: string
  readonly payload: string
  /** How many times it was taken, this one included. */
  readonly attempts: number
}

export interface StreamEntry {
  readonly id: string
  readonly text: string
}

export interface PendingEntry {
  readonly id: string
  /** ms since it was given to a consumer last. */
  readonly idle: number
  /** How many times it was given. */
  readonly deliveries: number
}

/** What a group has before it. */
export interface Behind {
  /** Entries that no consumer was given yet. */
  readonly waiting: number
  /** Given and not acknowledged: under way, or failed and to be tried again. */
  readonly pending: number
}

/** A stream of events with one group of consumers per listener; each group sees every event. */
export interface EventStream {
  append(text: string): Promise<void>
  /** Makes the group where there is none; it begins with what comes from then on. */
  open(group: string): Promise<void>
  /** Entries that no consumer of the group was given yet. */
  read(group: string, consumer: string, limit: number): Promise<readonly StreamEntry[]>
  /** Given and not acknowledged, for at least `idle` ms. */
  pending(group: string, idle: number, limit: number): Promise<readonly PendingEntry[]>
  /** Gives a pending entry again when it is still idle for `idle` ms: of several callers one gets it. */
  claim(group: string, consumer: string, id: string, idle: number): Promise<StreamEntry | undefined>
  ack(group: string, id: string): Promise<void>
  /** How far behind a group is; `undefined` where there is none, or nobody can say. */
  behind(group: string): Promise<Behind | undefined>
}

/** What could not be delivered or done, with the reason. */
export interface DeadLetters {
  /** A known `once` is not added again: false. */
  add(once: string, text: string): Promise<boolean>
  /** Oldest first. */
  list(page: PageCall): Promise<Page<StreamEntry>>
  get(id: string): Promise<string | undefined>
  remove(id: string): Promise<boolean>
}

/** All of it. */
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
