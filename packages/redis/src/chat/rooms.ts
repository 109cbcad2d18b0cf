import type { Ban, CountedRoom, Invite, Member, Role, RoomRecord, Rooms, Visibility } from '@skein/chat'
import type { Calls } from './calls.ts'
import type { RoomKeys } from './keys.ts'
import { CLAIM_TTL_SECONDS, claimName, listNames, releaseName, searchNames } from './room-names.ts'

export function redisRooms(calls: Calls): Rooms {
  return { ...registry(calls), ...membership(calls), ...invitations(calls) }
}

type Registry = Pick<Rooms, 'create' | 'get' | 'rename' | 'update' | 'byName' | 'search'>

function registry(calls: Calls): Registry {
  const { keys, run } = calls
  const get: Rooms['get'] = (ids) => Promise.all(ids.map((id) => readRoom(calls, keys.room(id))))
  return {
    get,
    async create(room, owner) {
      const at = keys.room(room.id)
      const own = [at.record, at.roles, at.members]
      await run('create a room', at.record, (client) =>
        client.roomCreate(...own, owner.user, roleText(owner), CLAIM_TTL_SECONDS, ...fieldsOf(room)),
      )
      if (await claimName(calls, room.nameKey, room.id)) {
        await run('keep a room', at.record, (client) => client.roomPersist(...own))
        return true
      }
      await run('drop a room', at.record, (client) => client.unlink(...own))
      return false
    },
    async rename(id, name, nameKey) {
      const { record } = keys.room(id)
      const update = (...fields: string[]) =>
        run('rename a room', record, (client) => client.roomUpdate(record, ...fields))
      const old = await run('read a room', record, (client) => client.hget(record, 'nameKey'))
      if (old === null || (await update('pending', nameKey)) === 0) return false
      if (!(await claimName(calls, nameKey, id))) {
        await update('pending', '')
        return false
      }
      await update('name', name, 'nameKey', nameKey, 'pending', '')
      if (old !== nameKey) await releaseName(calls, old, id)
      return true
    },
    async update(id, { visibility, archivedAt }) {
      const archived = archivedAt === undefined ? [] : ['archivedAt', archivedAt ?? '']
      const fields = [...(visibility === undefined ? [] : ['visibility', visibility]), ...archived]
      await run('update a room', keys.room(id).record, (client) =>
        client.roomUpdate(keys.room(id).record, ...fields),
      )
    },
    async byName(prefix, { limit, cursor }) {
      const { names, ids, more } = await listNames(calls, prefix, limit, cursor)
      const rooms = await get(ids.map((id) => id ?? ''))
      const items = rooms.filter((room, at) => room !== undefined && room.nameKey === names[at])
      const last = names.at(-1)
      return { items: items as CountedRoom[], ...(more && last !== undefined && { cursor: last }) }
    },
    async search(matches, { limit, cursor: after }) {
      const { names, ids, cursor } = await searchNames(calls, matches, limit, after)
      const rooms = await get(ids.map((id) => id ?? ''))
      const items = rooms.filter((room, at) => room !== undefined && room.nameKey === names[at])
      return { items: items as CountedRoom[], ...(cursor !== undefined && { cursor }) }
    },
  }
}

function membership(calls: Calls): Omit<Rooms, keyof Registry | 'invite' | 'redeem'> {
  const { keys, run } = calls
  return {
    async standing(id, user) {
      const at = keys.room(id)
      const [room, [role, muted, banned]] = await Promise.all([
        readRoom(calls, at),
        run('read a standing', at.roles, (client) =>
          Promise.all([client.hget(at.roles, user), client.hget(at.mutes, user), client.hget(at.bans, user)]),
        ),
      ])
      if (room === undefined) return undefined
      return {
        room,
        ...(role !== null && roleOf(role)),
        ...(muted !== null && { mutedUntil: Number(muted) }),
        ...(banned !== null && { ban: JSON.parse(banned) as Ban }),
      }
    },
    join(id, member, most) {
      const { record, roles, members, bans } = keys.room(id)
      return run('join a room', record, (client) =>
        client.roomJoin(record, roles, members, bans, member.user, roleText(member), member.joinedAt, most),
      )
    },
    leave(id, user) {
      const { roles, members } = keys.room(id)
      return run('leave a room', roles, (client) => client.roomLeave(roles, members, user))
    },
    setRole(id, user, role) {
      return run('set a role', keys.room(id).roles, (client) =>
        client.roomRole(keys.room(id).roles, user, role),
      )
    },
    async members(id, { limit, cursor }) {
      const { members, roles, mutes } = keys.room(id)
      const from = cursor === undefined ? '-' : `(${cursor}`
      const found = await run('list members', members, (client) =>
        client.zrangebylex(members, from, '+', 'LIMIT', 0, limit + 1),
      )
      const users = found.slice(0, limit)
      if (users.length === 0) return { items: [] }
      const [texts, muted] = await run('read members', members, (client) =>
        Promise.all([client.hmget(roles, ...users), client.hmget(mutes, ...users)]),
      )
      const items = users.map((user, at) => {
        const until = muted[at] ?? null
        return {
          user,
          ...roleOf(texts[at] ?? 'member 0'),
          ...(until !== null && { mutedUntil: Number(until) }),
        }
      })
      const last = users.at(-1)
      return { items, ...(found.length > limit && last !== undefined && { cursor: last }) }
    },
    async ban(id, ban) {
      await run('ban', keys.room(id).bans, (client) =>
        client.hset(keys.room(id).bans, ban.user, JSON.stringify(ban)),
      )
    },
    async unban(id, user) {
      await run('unban', keys.room(id).bans, (client) => client.hdel(keys.room(id).bans, user))
    },
    async bans(id, { limit, cursor }) {
      // Rooms have few bans. A moderator who lists them removes expired ones.
      const all = await run('list bans', keys.room(id).bans, (client) => client.hvals(keys.room(id).bans))
      const bans = all.map((text) => JSON.parse(text) as Ban).sort((a, b) => (a.user < b.user ? -1 : 1))
      const rest = cursor === undefined ? bans : bans.filter(({ user }) => user > cursor)
      const items = rest.slice(0, limit)
      const last = items.at(-1)
      return { items, ...(last !== undefined && rest.length > limit && { cursor: last.user }) }
    },
    async mute(id, user, until) {
      const { mutes } = keys.room(id)
      await run('mute', mutes, (client) =>
        until === 0 ? client.hdel(mutes, user) : client.hset(mutes, user, until),
      )
    },
  }
}

function invitations({ keys, run }: Calls): Pick<Rooms, 'invite' | 'redeem'> {
  return {
    async invite(invite, ttl) {
      const key = keys.invite(invite.token)
      const { user, expiresAt, uses } = invite
      const fields = { invite: JSON.stringify(invite), expiresAt, uses, ...(user !== undefined && { user }) }
      await run('invite', key, (client) => Promise.all([client.hset(key, fields), client.expire(key, ttl)]))
    },
    async redeem(token, user, now) {
      const outcome = await run('redeem', keys.invite(token), (client) =>
        client.inviteRedeem(keys.invite(token), user, now),
      )
      if (outcome === 'used' || outcome === 'expired' || outcome === 'not_yours') return outcome
      return JSON.parse(outcome) as Invite
    },
  }
}

async function readRoom({ run }: Calls, { record, members }: RoomKeys): Promise<CountedRoom | undefined> {
  const [fields, count] = await run('read a room', record, (client) =>
    Promise.all([client.hgetall(record), client.zcard(members)]),
  )
  const { id, name, nameKey, visibility, createdBy, createdAt, archivedAt } = fields
  if (id === undefined || name === undefined || nameKey === undefined || createdBy === undefined)
    return undefined
  return {
    id,
    name,
    nameKey,
    visibility: visibility as Visibility,
    createdBy,
    createdAt: Number(createdAt),
    ...(archivedAt !== undefined && { archivedAt: Number(archivedAt) }),
    members: count,
  }
}

function fieldsOf({ id, name, nameKey, visibility, createdBy, createdAt }: RoomRecord): (string | number)[] {
  return Object.entries({ id, name, nameKey, visibility, createdBy, createdAt }).flat()
}

function roleText({ role, joinedAt }: Member): string {
  return `${role} ${joinedAt}`
}

function roleOf(text: string): { role: Role; joinedAt: number } {
  const [role, joinedAt] = text.split(' ')
  return { role: role as Role, joinedAt: Number(joinedAt) }
}
