/**
 * Unique names of rooms. Names and rooms are in different slots. A claim is therefore valid only while the
 * record of the room has the same name, as `nameKey` or `pending`. After a failure in between, the next claim
 * replaces the void one.
 */
import type { Calls } from './calls.ts'

/** TTL of a room without a valid name, and of a claim in progress. */
export const CLAIM_TTL_SECONDS = 60
const MAX_CLAIM_ATTEMPTS = 5

/**
 * True if the room holds the name. The record of the room must have it already, as `nameKey` or `pending`.
 */
export async function claimName({ keys, run }: Calls, nameKey: string, room: string): Promise<boolean> {
  let voided = ''
  for (let tries = 0; tries < MAX_CLAIM_ATTEMPTS; tries++) {
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

/** Names with a prefix, in order. `more`: there are further names. */
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
