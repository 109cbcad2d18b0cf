import type { Ban, CountedRoom, Invite, Member, RoomRecord, Rooms } from '../ports.ts'
import { Expiring } from './expiring.ts'
import { byKey, pageOf } from './page.ts'

interface Kept {
  record: RoomRecord
  readonly members: Map<string, Member>
  readonly bans: Map<string, Ban>
  /** End of the mute by user, Unix ms. Leaving the room does not end it. */
  readonly mutes: Map<string, number>
}

type Redeemed = Invite & { readonly redeemers: readonly string[] }

export function memoryRooms(now: () => number): Rooms {
  const rooms = new Map<string, Kept>()
  const names = new Map<string, string>()
  const invites = new Expiring<Redeemed>(now)
  const counted = (kept: Kept): CountedRoom => ({ ...kept.record, members: kept.members.size })
  return {
    async create(record, owner) {
      const holder = names.get(record.nameKey)
      if (holder !== undefined) return holder === record.id
      names.set(record.nameKey, record.id)
      rooms.set(record.id, {
        record,
        members: new Map([[owner.user, owner]]),
        bans: new Map(),
        mutes: new Map(),
      })
      return true
    },
    async get(ids) {
      return ids.map((id) => {
        const kept = rooms.get(id)
        return kept && counted(kept)
      })
    },
    async rename(id, name, nameKey) {
      const kept = rooms.get(id)
      const holder = names.get(nameKey)
      if (kept === undefined || (holder !== undefined && holder !== id)) return false
      names.delete(kept.record.nameKey)
      names.set(nameKey, id)
      kept.record = { ...kept.record, name, nameKey }
      return true
    },
    async update(id, { visibility, archivedAt }) {
      const kept = rooms.get(id)
      if (kept === undefined) return
      const { archivedAt: was, ...rest } = kept.record
      const archived = archivedAt === undefined ? was : (archivedAt ?? undefined)
      kept.record = {
        ...rest,
        ...(visibility !== undefined && { visibility }),
        ...(archived !== undefined && { archivedAt: archived }),
      }
    },
    async byName(prefix, page) {
      const found = [...rooms.values()].filter(({ record }) => record.nameKey.startsWith(prefix)).map(counted)
      return pageOf(
        byKey(found, (room) => room.nameKey),
        page,
        (room) => room.nameKey,
      )
    },
    async search(matches, page) {
      const found = [...rooms.values()].filter(({ record }) => matches(record.nameKey)).map(counted)
      return pageOf(
        byKey(found, (room) => room.nameKey),
        page,
        (room) => room.nameKey,
      )
    },
    async standing(id, user) {
      const kept = rooms.get(id)
      if (kept === undefined) return undefined
      const { role, joinedAt } = kept.members.get(user) ?? {}
      const mutedUntil = kept.mutes.get(user)
      const ban = kept.bans.get(user)
      return {
        room: counted(kept),
        ...(role !== undefined && { role }),
        ...(joinedAt !== undefined && { joinedAt }),
        ...(mutedUntil !== undefined && { mutedUntil }),
        ...(ban !== undefined && { ban }),
      }
    },
    async join(id, member, most) {
      const kept = rooms.get(id)
      if (kept === undefined) return 'unknown'
      if (kept.members.has(member.user)) return 'already'
      const ban = kept.bans.get(member.user)
      if (ban !== undefined && (ban.until === undefined || ban.until > member.joinedAt)) return 'banned'
      if (kept.members.size >= most) return 'full'
      kept.members.set(member.user, member)
      return 'joined'
    },
    async leave(id, user) {
      const members = rooms.get(id)?.members
      if (members === undefined || !members.has(user)) return 'absent'
      if (isLastOwner(members, user) && members.size > 1) return 'last_owner'
      members.delete(user)
      return 'left'
    },
    async setRole(id, user, role) {
      const members = rooms.get(id)?.members
      const member = members?.get(user)
      if (members === undefined || member === undefined) return 'absent'
      if (role !== 'owner' && isLastOwner(members, user)) return 'last_owner'
      members.set(user, { ...member, role })
      return 'set'
    },
    async members(id, page) {
      const kept = rooms.get(id)
      const listed = pageOf(
        byKey(kept?.members.values() ?? [], (m) => m.user),
        page,
        (m) => m.user,
      )
      const items = listed.items.map((member) => {
        const mutedUntil = kept?.mutes.get(member.user)
        return mutedUntil === undefined ? member : { ...member, mutedUntil }
      })
      return { ...listed, items }
    },
    async ban(id, ban) {
      rooms.get(id)?.bans.set(ban.user, ban)
    },
    async unban(id, user) {
      rooms.get(id)?.bans.delete(user)
    },
    async bans(id, page) {
      const bans = rooms.get(id)?.bans.values() ?? []
      return pageOf(
        byKey(bans, (b) => b.user),
        page,
        (b) => b.user,
      )
    },
    async mute(id, user, until) {
      if (until === 0) rooms.get(id)?.mutes.delete(user)
      else rooms.get(id)?.mutes.set(user, until)
    },
    async invite(invite, ttl) {
      invites.set(invite.token, { ...invite, redeemers: [] }, ttl)
    },
    async redeem(token, user, at) {
      const kept = invites.get(token)
      if (kept === undefined) return 'expired'
      const { redeemers, ...invite } = kept
      if (redeemers.includes(user)) return invite
      if (redeemers.length >= invite.uses) return 'used'
      if (invite.expiresAt <= at) return 'expired'
      if (invite.user !== undefined && invite.user !== user) return 'not_yours'
      invites.replace(token, { ...invite, redeemers: [...redeemers, user] })
      return invite
    },
  }
}

function isLastOwner(members: ReadonlyMap<string, Member>, user: string): boolean {
  if (members.get(user)?.role !== 'owner') return false
  return ![...members.values()].some((member) => member.role === 'owner' && member.user !== user)
}
