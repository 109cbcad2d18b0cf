/** The presence of all channels, by incarnation. Detects joins and leaves; the bus announces them. */
import type { ClientInfo } from '@skein/protocol'
import type { PresenceEntry } from '../ports.ts'

interface Entry {
  readonly info: ClientInfo
  readonly announce: boolean
  /** The grace period of the user when the incarnation ends, ms. */
  readonly grace: number
}

/** A user whose last connection was lost, during the grace period. */
export interface Missed {
  readonly info: ClientInfo
  readonly announce: boolean
}

interface Room {
  /** Incarnation -> client. */
  readonly parts: Map<string, Map<string, Entry>>
  /** Connections by user, over all parts. */
  readonly users: Map<string, number>
  /** By user. */
  readonly missed: Map<string, Missed>
}

export class MemoryPresence {
  readonly #rooms = new Map<string, Room>()

  /** Channels with an entry or a missed user. */
  get size(): number {
    return this.#rooms.size
  }

  /** Users of a channel, over all incarnations. */
  users(channel: string): number {
    return this.#rooms.get(channel)?.users.size ?? 0
  }

  /** True if the user had no connection in the channel and was not missed there. */
  add(channel: string, uid: string, entry: Entry): boolean {
    const room = this.#room(channel)
    const part = room.parts.get(uid) ?? new Map<string, Entry>()
    room.parts.set(uid, part)
    const known = part.has(entry.info.client)
    part.set(entry.info.client, entry)
    if (known || count(room, entry.info, 1) > 1) return false
    return !room.missed.delete(userKey(entry.info))
  }

  /** The info of the connection if it was its user's last in the channel. */
  remove(channel: string, uid: string, client: string): ClientInfo | undefined {
    const room = this.#rooms.get(channel)
    const part = room?.parts.get(uid)
    const entry = part?.get(client)
    if (room === undefined || part === undefined || entry === undefined) return undefined
    part.delete(client)
    if (part.size === 0) room.parts.delete(uid)
    const last = count(room, entry.info, -1) === 0 ? entry.info : undefined
    this.#forget(channel, room)
    return last
  }

  /** The user is missed from here on, until {@link settle} or another connection. */
  miss(channel: string, missed: Missed): void {
    this.#room(channel).missed.set(userKey(missed.info), missed)
  }

  /** The grace period is over. True if the user has not returned. */
  settle(channel: string, missed: Missed): boolean {
    const room = this.#rooms.get(channel)
    const user = userKey(missed.info)
    if (room === undefined || room.missed.get(user) !== missed) return false
    room.missed.delete(user)
    this.#forget(channel, room)
    return true
  }

  list(channel: string, isLive: (uid: string) => boolean, suspected = false): PresenceEntry[] {
    const room = this.#rooms.get(channel)
    const found: PresenceEntry[] = []
    for (const [uid, part] of room?.parts ?? []) {
      if (isLive(uid)) for (const { info } of part.values()) found.push(info)
    }
    return suspected && room !== undefined ? [...found, ...suspects(room, found, isLive)] : found
  }

  stats(
    channel: string,
    isLive: (uid: string) => boolean,
    suspected = false,
  ): { clients: number; users: number } {
    const infos = this.list(channel, isLive, suspected)
    return { clients: infos.length, users: new Set(infos.map(userKey)).size }
  }

  /** The entries of an incarnation. */
  of(uid: string): (Entry & { channel: string })[] {
    const found: (Entry & { channel: string })[] = []
    for (const [channel, { parts }] of this.#rooms) {
      for (const entry of parts.get(uid)?.values() ?? []) found.push({ channel, ...entry })
    }
    return found
  }

  #room(channel: string): Room {
    const room = this.#rooms.get(channel) ?? { parts: new Map(), users: new Map(), missed: new Map() }
    this.#rooms.set(channel, room)
    return room
  }

  #forget(channel: string, room: Room): void {
    if (room.parts.size === 0 && room.missed.size === 0) this.#rooms.delete(channel)
  }
}

/** Missed users and users of dead incarnations that are not reaped yet: one entry for each user. */
function suspects(
  room: Room,
  live: readonly ClientInfo[],
  isLive: (uid: string) => boolean,
): PresenceEntry[] {
  const seen = new Set(live.map(userKey))
  const dead = [...room.parts].filter(([uid]) => !isLive(uid)).flatMap(([, part]) => [...part.values()])
  const infos = [...room.missed.values(), ...dead.filter((entry) => entry.grace > 0)].map(({ info }) => info)
  return infos.flatMap((info) => {
    const user = userKey(info)
    if (seen.has(user)) return []
    seen.add(user)
    return [{ ...info, suspected: true as const }]
  })
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
