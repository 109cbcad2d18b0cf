/** Rooms: making, finding and joining them, and their members. All reject with `ChatError`. */
import type { CallServer, Calls } from './calls.ts'
import type { Conversation } from './conversation/conversation.ts'
import { newClientId } from './util/ids.ts'
import { roomConversation } from './wire/names.ts'
import type { Role, Room, Visibility } from './wire/shapes.ts'

type Reply<M extends keyof Calls> = Promise<Calls[M]['reply']>

/** A page and where the next begins. */
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

  /** `name_taken`, `bad_name`, `too_many_rooms`. */
  async create(name: string, visibility: Visibility): Promise<Conversation> {
    return await this.#entered(
      await this.#call('chat.room.create', { name, visibility, clientId: newClientId() }),
    )
  }

  /**
   * `unknown_room`, `banned`, `not_allowed` (members only), `room_full`. Being a member already is no error
   * here.
   */
  async join(room: string): Promise<Conversation> {
    return await this.#entered(await this.#call('chat.room.join', { room }))
  }

  /** `invite_used`, `invite_expired`, `invite_not_yours`, `room_full`. */
  async accept(token: string): Promise<Conversation> {
    return await this.#entered(await this.#call('chat.room.accept', { token }))
  }

  async leave(room: string): Promise<void> {
    await this.#call('chat.room.leave', { room })
  }

  /** Public rooms by name. */
  find(query: Paging & { readonly prefix?: string } = {}): Reply<'chat.rooms'> {
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

  /** A token for one person, or without one for whoever has it. */
  invite(room: string, user?: string, expiresIn?: number): Reply<'chat.room.invite'> {
    return this.#call('chat.room.invite', { room, user, expiresIn })
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

  /** Without `seconds` for good. */
  async ban(room: string, user: string, seconds?: number): Promise<void> {
    await this.#call('chat.room.ban', { room, user, seconds })
  }

  async unban(room: string, user: string): Promise<void> {
    await this.#call('chat.room.unban', { room, user })
  }

  /** 0 seconds: no more. */
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
