/**
 * Unique names of rooms. Names and rooms live in different slots, so a claim counts only while the room that it names says
 * the same name, or says that it is about to: whatever stops in between leaves a claim that the next one takes over.
 */
import type { Calls } from './calls.ts'

/** How long a room without its name may stand, and a claim be under way, seconds. */
export const CLAIM_TTL = 60
const TRIES = 5

/** True when the name is the room's. The room's record must say it already, as `nameKey` or `pending`. */
export async function claimName({ keys, run }: Calls, nameKey: string, room: string): Promise<boolean> {
  let voided = ''
  for (let tries = 0; tries < TRIES; tries++) {
    const holder = await run('claim a name', keys.names, (client) =>
      client.nameClaim(keys.names, keys.nameOrder, nameKey, room, voided),
    )
    if (holder === room) return true
    const says = await run('read a room', keys.room(holder).record, (client) =>
      client.hmget(keys.room(holder).record, 'nameKey', 'pending'),
    )
    if (says.includes(nameKey)) return false
    voided = holder
  }
  return false
}

export async function releaseName({ keys, run }: Calls, nameKey: string, room: string): Promise<void> {
  await run('release a name', keys.names, (client) =>
    client.nameRelease(keys.names, keys.nameOrder, nameKey, room),
  )
}

/** Names with a prefix, in their order; one more than `limit` tells that there are more. */
export async function listNames(
  { keys, run }: Calls,
  prefix: string,
  limit: number,
  cursor: string | undefined,
): Promise<{
  readonly names: readonly string[]
  readonly ids: readonly (string | null)[]
  readonly more: boolean
}> {
  const from = cursor === undefined ? `[${prefix}` : `(${cursor}`
  const found = await run('list names', keys.names, (client) =>
    client.zrangebylex(keys.nameOrder, from, '+', 'LIMIT', 0, limit + 1),
  )
  const fitting = found.filter((name) => name.startsWith(prefix))
  const names = fitting.slice(0, limit)
  if (names.length === 0) return { names, ids: [], more: false }
  const ids = await run('read names', keys.names, (client) => client.hmget(keys.names, ...names))
  return { names, ids, more: fitting.length > limit }
}
