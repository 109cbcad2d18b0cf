/** Every chat method with its request and reply, as docs/reference/chat.md lists them. */
import type {
  Amendment,
  Ban,
  ConversationView,
  Cursors,
  Device,
  Item,
  Member,
  Person,
  Position,
  Profile,
  Role,
  Room,
  Target,
  Visibility,
} from './wire/shapes.ts'

type Nothing = Record<never, never>
type Optional<T> = { readonly [K in keyof T]?: T[K] | undefined }
type Page = Optional<{ limit: number; cursor: string }>
interface In {
  readonly conversation: string
}
interface On extends In {
  readonly target: Target
  readonly clientId: string
}
interface InRoom {
  readonly room: string
}
interface Someone extends InRoom {
  readonly user: string
}

export type To = { readonly user: string } | { readonly room: string } | { readonly everyone: true }

export interface SendRequest
  extends Optional<{
    replyTo: Target
    mentions: readonly string[]
    /** Seconds. */
    expiresIn: number
    ephemeral: boolean
  }> {
  readonly to: To
  readonly clientId: string
  readonly body: string
}

export interface SendReply extends Position {
  readonly conversation: string
  readonly id: string
  readonly timestamp: number
  readonly duplicate: boolean
}

export interface HistoryReply {
  /** Ascending. */
  readonly items: readonly Item[]
  readonly top: Position
  /** The next `before` or `after`; absent on the last page. */
  readonly next?: number
}

interface Call<Request, Reply> {
  readonly request: Request
  readonly reply: Reply
}

export interface Calls {
  'chat.send': Call<SendRequest, SendReply>
  'chat.edit': Call<On & { readonly body: string } & Optional<{ mentions: readonly string[] }>, Amendment>
  'chat.delete': Call<On & { readonly for: 'me' | 'all' }, Amendment>
  'chat.react': Call<On & { readonly emoji: string; readonly on: boolean }, Amendment>
  'chat.history': Call<In & Optional<{ before: number; after: number; limit: number }>, HistoryReply>
  'chat.messages': Call<In & { readonly targets: readonly Target[] }, { readonly items: readonly Item[] }>
  'chat.inbox': Call<
    { readonly since: Position } & Optional<{ limit: number }>,
    {
      readonly events: readonly { readonly offset: number; readonly event: unknown }[]
      readonly top: Position
      readonly recovered: boolean
    }
  >
  'chat.typing': Call<In & { readonly active: boolean }, Nothing>
  'chat.delivered': Call<
    In & { readonly offset: number } & Optional<{ id: string }>,
    { readonly offset: number }
  >
  'chat.read': Call<
    In & { readonly offset: number } & Optional<{ id: string }>,
    { readonly offset: number; readonly unread: number }
  >
  'chat.receipts': Call<In, { readonly users: readonly Cursors[] }>
  'chat.conversations': Call<
    Page,
    { readonly conversations: readonly ConversationView[]; readonly cursor?: string }
  >
  'chat.conversation': Call<In, ConversationView>
  'chat.conversation.set': Call<
    In & Optional<{ muted: boolean; pinned: boolean }>,
    { readonly muted: boolean; readonly pinned: boolean }
  >
  'chat.room.create': Call<
    { readonly name: string; readonly visibility: Visibility; readonly clientId: string },
    Room
  >
  'chat.room.get': Call<InRoom, Room & { readonly role?: Role }>
  'chat.rooms': Call<
    Page & Optional<{ prefix: string; text: string }>,
    { readonly rooms: readonly Room[]; readonly cursor?: string }
  >
  'chat.room.rename': Call<InRoom & { readonly name: string }, Room>
  'chat.room.visibility': Call<InRoom & { readonly visibility: Visibility }, Room>
  'chat.room.archive': Call<InRoom & { readonly archived: boolean }, Room>
  'chat.room.invite': Call<
    InRoom & Optional<{ user: string; uses: number; expiresIn: number }>,
    { readonly token: string; readonly room: string; readonly uses: number; readonly expiresAt: number }
  >
  'chat.room.accept': Call<{ readonly token: string }, Room>
  'chat.room.join': Call<InRoom, Room>
  'chat.room.leave': Call<InRoom, Nothing>
  'chat.room.kick': Call<Someone, Nothing>
  'chat.room.ban': Call<Someone & Optional<{ seconds: number }>, Nothing>
  'chat.room.unban': Call<Someone, Nothing>
  'chat.room.mute': Call<Someone & { readonly seconds: number }, Nothing>
  'chat.room.role': Call<Someone & { readonly role: Role }, Nothing>
  'chat.room.members': Call<
    InRoom & Page,
    { readonly members: readonly Member[]; readonly total: number; readonly cursor?: string }
  >
  'chat.room.bans': Call<InRoom & Page, { readonly bans: readonly Ban[]; readonly cursor?: string }>
  'chat.presence': Call<
    Optional<{ users: readonly string[]; room: string }>,
    { readonly people: readonly Person[] }
  >
  'chat.presence.set': Call<{ readonly status: 'online' | 'away' }, Nothing>
  'chat.devices': Call<Nothing, { readonly devices: readonly Device[] }>
  'chat.devices.signout': Call<Optional<{ device: string }>, Nothing>
  'chat.profile.set': Call<{ readonly name: string }, Nothing>
  'chat.profiles': Call<{ readonly users: readonly string[] }, { readonly profiles: readonly Profile[] }>
}

export type Method = keyof Calls

/** A test compares these with docs/reference/chat.md, which another test compares with the server. */
export const METHODS: readonly Method[] = Object.keys({
  'chat.send': true,
  'chat.edit': true,
  'chat.delete': true,
  'chat.react': true,
  'chat.history': true,
  'chat.messages': true,
  'chat.inbox': true,
  'chat.typing': true,
  'chat.delivered': true,
  'chat.read': true,
  'chat.receipts': true,
  'chat.conversations': true,
  'chat.conversation': true,
  'chat.conversation.set': true,
  'chat.room.create': true,
  'chat.room.get': true,
  'chat.rooms': true,
  'chat.room.rename': true,
  'chat.room.visibility': true,
  'chat.room.archive': true,
  'chat.room.invite': true,
  'chat.room.accept': true,
  'chat.room.join': true,
  'chat.room.leave': true,
  'chat.room.kick': true,
  'chat.room.ban': true,
  'chat.room.unban': true,
  'chat.room.mute': true,
  'chat.room.role': true,
  'chat.room.members': true,
  'chat.room.bans': true,
  'chat.presence': true,
  'chat.presence.set': true,
  'chat.devices': true,
  'chat.devices.signout': true,
  'chat.profile.set': true,
  'chat.profiles': true,
} satisfies Record<Method, true>) as Method[]

/** Calls the server. Rejects with `ChatError`. */
export type CallServer = <M extends Method>(
  method: M,
  request: Calls[M]['request'],
) => Promise<Calls[M]['reply']>
