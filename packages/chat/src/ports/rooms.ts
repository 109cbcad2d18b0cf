import type { Page, PageCall } from './page.ts'

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
