/** Who is in which channel, by incarnation. Tells who came first and who went last; publishing that is the bus's. */
import type { ClientInfo } from '@skein/protocol'

interface Entry {
  readonly info: ClientInfo
  readonly announce: boolean
}

interface Room {
  /** Incarnation -> client. */
  readonly parts: Map<string, Map<string, Entry>>
  /** Connections by user, over all parts. */
  readonly users: Map<string, number>
}

export class MemoryPresence {
  readonly #rooms = new Map<string, Room>()

  /** Channels with somebody in them. */
  get size(): number {
    return this.#rooms.size
  }

  /** True when the user had no connection in the channel before. */
  add(channel: string, uid: string, info: ClientInfo, announce: boolean): boolean {
    const room = this.#room(channel)
    const part = room.parts.get(uid) ?? new Map<string, Entry>()
    room.parts.set(uid, part)
    const known = part.has(info.client)
    part.set(info.client, { info, announce })
    return !known && count(room, info, 1) === 1
  }

  /** What is stored of the connection when it was its user's last in the channel. */
  remove(channel: string, uid: string, client: string): ClientInfo | undefined {
    const room = this.#rooms.get(channel)
    const part = room?.parts.get(uid)
    const entry = part?.get(client)
    if (room === undefined || part === undefined || entry === undefined) return undefined
    part.delete(client)
    if (part.size === 0) room.parts.delete(uid)
    if (room.parts.size === 0) this.#rooms.delete(channel)
    return count(room, entry.info, -1) === 0 ? entry.info : undefined
  }

  list(channel: string, isLive: (uid: string) => boolean): ClientInfo[] {
    const found: ClientInfo[] = []
    for (const [uid, part] of this.#rooms.get(channel)?.parts ?? []) {
      if (isLive(uid)) for (const { info } of part.values()) found.push(info)
    }
    return found
  }

  stats(channel: string, isLive: (uid: string) => boolean): { clients: number; users: number } {
    const infos = this.list(channel, isLive)
    return { clients: infos.length, users: new Set(infos.map(userKey)).size }
  }

  /** All that an incarnation has put in: what its end has to remove. */
  of(uid: string): { channel: string; info: ClientInfo; announce: boolean }[] {
    const found: { channel: string; info: ClientInfo; announce: boolean }[] = []
    for (const [channel, { parts }] of this.#rooms) {
      for (const entry of parts.get(uid)?.values() ?? []) found.push({ channel, ...entry })
    }
    return found
  }

  #room(channel: string): Room {
    const room = this.#rooms.get(channel) ?? { parts: new Map(), users: new Map() }
    this.#rooms.set(channel, room)
    return room
  }
}

function count(room: Room, info: ClientInfo, change: 1 | -1): number {
  const user = userKey(info)
  const now = (room.users.get(user) ?? 0) + change
  if (now === 0) room.users.delete(user)
  else room.users.set(user, now)
  return now
}

/** A connection without a user counts as a user of its own. */
function userKey(info: ClientInfo): string {
  return info.user === '' ? `client ${info.client}` : `user ${info.user}`
}
