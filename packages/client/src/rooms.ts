/** Rooms and their members. Every call rejects with `ChatError`. */
import type { CallServer, Calls } from './calls.ts'
import type { Conversation } from './conversation/conversation.ts'
import { newClientId } from './util/ids.ts'
import { roomConversation } from './wire/names.ts'
import type { Role, Room, Visibility } from './wire/shapes.ts'

type Reply<M extends keyof Calls> = Promise<Calls[M]['reply']>

/** Page size and position. */
interface Paging {
  readonly limit?: number
  readonly cursor?: string | undefined
}

export class Rooms {
  readonly #call: CallServer
  readonly #ensure: (conversation: string) => Promise<Conversation>

  constructor(call: CallServer, ensure: (conversation: string) => Promise<Conversation>) {
    this.#call = call
    this.#ensure = ensure
  }

  /** Rejects with `name_taken`, `bad_name`, `too_many_rooms`. */
  async create(name: string, visibility: Visibility): Promise<Conversation> {
    return await this.#entered(
      await this.#call('chat.room.create', { name, visibility, clientId: newClientId() }),
    )
  }

  /**
   * Rejects with `unknown_room`, `banned`, `not_allowed` (members only), `room_full`. No effect for a member.
   */
  async join(room: string): Promise<Conversation> {
    return await this.#entered(await this.#call('chat.room.join', { room }))
  }

  /** Rejects with `invite_used`, `invite_expired`, `invite_not_yours`, `room_full`. */
  async accept(token: string): Promise<Conversation> {
    return await this.#entered(await this.#call('chat.room.accept', { token }))
  }

  async leave(room: string): Promise<void> {
    await this.#call('chat.room.leave', { room })
  }

  /** Public rooms by name. `text` is a part of the name, without regard to case and accents. */
  find(query: Paging & { readonly prefix?: string; readonly text?: string } = {}): Reply<'chat.rooms'> {
    return this.#call('chat.rooms', query)
  }

  get(room: string): Reply<'chat.room.get'> {
    return this.#call('chat.room.get', { room })
  }

  members(room: string, page: Paging = {}): Reply<'chat.room.members'> {
    return this.#call('chat.room.members', { room, ...page })
  }

  bans(room: string, page: Paging = {}): Reply<'chat.room.bans'> {
    return this.#call('chat.room.bans', { room, ...page })
  }

  /** Creates a token for one user. `expiresIn` in seconds, 7 days by default. */
  invite(room: string, user: string, expiresIn?: number): Reply<'chat.room.invite'> {
    return this.#call('chat.room.invite', { room, user, expiresIn })
  }

  /** Creates a token for any users, 1 to 1000. `expiresIn` in seconds, 7 days by default. */
  inviteAnyone(
    room: string,
    terms: { readonly uses?: number; readonly expiresIn?: number } = {},
  ): Reply<'chat.room.invite'> {
    return this.#call('chat.room.invite', { room, ...terms })
  }

  rename(room: string, name: string): Promise<Room> {
    return this.#call('chat.room.rename', { room, name })
  }

  setVisibility(room: string, visibility: Visibility): Promise<Room> {
    return this.#call('chat.room.visibility', { room, visibility })
  }

  archive(room: string, archived: boolean): Promise<Room> {
    return this.#call('chat.room.archive', { room, archived })
  }

  async kick(room: string, user: string): Promise<void> {
    await this.#call('chat.room.kick', { room, user })
  }

  /** Without `seconds` the ban is permanent. */
  async ban(room: string, user: string, seconds?: number): Promise<void> {
    await this.#call('chat.room.ban', { room, user, seconds })
  }

  async unban(room: string, user: string): Promise<void> {
    await this.#call('chat.room.unban', { room, user })
  }

  /** 0 seconds ends the mute. */
  async mute(room: string, user: string, seconds: number): Promise<void> {
    await this.#call('chat.room.mute', { room, user, seconds })
  }

  async setRole(room: string, user: string, role: Role): Promise<void> {
    await this.#call('chat.room.role', { room, user, role })
  }

  #entered({ id }: Room): Promise<Conversation> {
    return this.#ensure(roomConversation(id))
  }
}
