import type { Page, PageCall } from './page.ts'

export type Role = 'owner' | 'moderator' | 'member'
export type Visibility = 'public' | 'members'

export interface RoomRecord {
  readonly id: string
  readonly name: string
  /** The name in its comparable form, unique over all rooms. */
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
  /** Unix ms; absent: permanent. */
  readonly until?: number
}

/** A user's membership, mute and ban in a room. */
export interface Standing {
  readonly room: CountedRoom
  readonly role?: Role
  readonly joinedAt?: number
  readonly mutedUntil?: number
  /** May have expired: compare `until` with the clock. */
  readonly ban?: Ban
}

export interface Invite {
  readonly token: string
  readonly room: string
  readonly by: string
  /** Absent: any user with the token. */
  readonly user?: string
  /** Number of users who can redeem it. */
  readonly uses: number
  /** Unix ms. */
  readonly expiresAt: number
}

/** Registry of rooms, with unique names, members and invitations. */
export interface Rooms {
  /** False when another room has the name. A repeated call with the same id returns true. */
  create(room: RoomRecord, owner: Member): Promise<boolean>
  get(ids: readonly string[]): Promise<readonly (CountedRoom | undefined)[]>
  /** False when another room has the name, or the room does not exist. */
  rename(id: string, name: string, nameKey: string): Promise<boolean>
  /** `archivedAt: null` restores an archived room. */
  update(
    id: string,
    change: { readonly visibility?: Visibility; readonly archivedAt?: number | null },
  ): Promise<void>
  /** Rooms by name that begin with `prefix` (as name keys). */
  byName(prefix: string, page: PageCall): Promise<Page<CountedRoom>>
  /**
   * Rooms whose name key passes `matches`, in the order of name keys. A page may be shorter than `limit` and
   * still have a `cursor`, since one call reads a bounded number of names.
   */
  search(matches: (nameKey: string) => boolean, page: PageCall): Promise<Page<CountedRoom>>
  standing(id: string, user: string): Promise<Standing | undefined>
  /** A ban counts if it is in force at `member.joinedAt`. */
  join(
    id: string,
    member: Member,
    most: number,
  ): Promise<'joined' | 'already' | 'full' | 'banned' | 'unknown'>
  /** `last_owner` when other members would remain without an owner. */
  leave(id: string, user: string): Promise<'left' | 'absent' | 'last_owner'>
  setRole(id: string, user: string, role: Role): Promise<'set' | 'absent' | 'last_owner'>
  members(id: string, page: PageCall): Promise<Page<Member>>
  ban(id: string, ban: Ban): Promise<void>
  unban(id: string, user: string): Promise<void>
  bans(id: string, page: PageCall): Promise<Page<Ban>>
  /** `until: 0` ends the mute. */
  mute(id: string, user: string, until: number): Promise<void>
  invite(invite: Invite, ttl: number): Promise<void>
  /** Up to `uses` users redeem a token; each of them may repeat the call. */
  redeem(token: string, user: string, now: number): Promise<Invite | 'used' | 'expired' | 'not_yours'>
}
