/**
 * Names of the keys of chat. Keys that one script uses share a hash tag. All have the prefix `@chat`, which
 * no channel can have; see `../keys.ts`.
 */
export class ChatKeys {
  /** Hash of names of listed rooms -> room ids, and the order of the names. */
  readonly names: string
  readonly nameOrder: string
  /** Hash of display names. */
  readonly profiles: string
  /** Zset by time, and hashes of payloads and attempts. */
  readonly tasks: string
  readonly taskPayloads: string
  readonly taskAttempts: string
  readonly events: string
  readonly dead: string
  readonly #prefix: string

  constructor(prefix: string) {
    this.#prefix = `${prefix}:@chat`
    this.names = `${this.#prefix}:{names}`
    this.nameOrder = `${this.#prefix}:{names}:order`
    this.profiles = `${this.#prefix}:profiles`
    this.tasks = `${this.#prefix}:{tasks}`
    this.taskPayloads = `${this.#prefix}:{tasks}:payloads`
    this.taskAttempts = `${this.#prefix}:{tasks}:attempts`
    this.events = `${this.#prefix}:events`
    this.dead = `${this.#prefix}:{dead}`
  }

  deadOnce(once: string): string {
    return `${this.dead}:once:${once}`
  }

  ledger(key: string): string {
    return `${this.#prefix}:ledger:${key}`
  }

  amendments(conversation: string): string {
    return `${this.#prefix}:amend:${conversation}`
  }

  touched(conversation: string): string {
    return `${this.#prefix}:touched:${conversation}`
  }

  invite(token: string): string {
    return `${this.#prefix}:invite:${token}`
  }

  person(user: string): string {
    return `${this.#prefix}:person:${user}`
  }

  rate(key: string): string {
    return `${this.#prefix}:rate:${key}`
  }

  /** Hash of the room, with its members (zset), roles, bans and mutes (hashes). */
  room(id: string): RoomKeys {
    const record = `${this.#prefix}:{room ${encodeURIComponent(id)}}`
    return {
      record,
      members: `${record}:members`,
      roles: `${record}:roles`,
      bans: `${record}:bans`,
      mutes: `${record}:mutes`,
    }
  }

  user(user: string): UserKeys {
    const own = `${this.#prefix}:{user ${encodeURIComponent(user)}}`
    return {
      rooms: `${own}:rooms`,
      directs: `${own}:directs`,
      muted: `${own}:muted`,
      pinned: `${own}:pinned`,
      read: `${own}:read`,
      furthest: `${own}:delivered`,
      devices: `${own}:devices`,
      deviceOrder: `${own}:devices:order`,
      connections: `${own}:connections`,
      delivered: (device) => `${own}:delivered:${device}`,
    }
  }
}

export interface RoomKeys {
  readonly record: string
  readonly members: string
  readonly roles: string
  readonly bans: string
  readonly mutes: string
}

export interface UserKeys {
  readonly rooms: string
  readonly directs: string
  readonly muted: string
  readonly pinned: string
  readonly read: string
  readonly furthest: string
  readonly devices: string
  readonly deviceOrder: string
  readonly connections: string
  readonly delivered: (device: string) => string
}
