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

/** Names read by one step of a search, and steps of one call: together they bound its time. */
const SEARCH_STEP_NAMES = 500
const MAX_SEARCH_STEPS = 20

/** Names that pass `matches`, in their order. `cursor` is absent when all names were read. */
export async function searchNames(
  { keys, run }: Calls,
  matches: (name: string) => boolean,
  limit: number,
  after: string | undefined,
): Promise<{
  readonly names: readonly string[]
  readonly ids: readonly (string | null)[]
  readonly cursor?: string
}> {
  const names: string[] = []
  let position = after
  let more = true
  for (let step = 0; more && names.length < limit && step < MAX_SEARCH_STEPS; step++) {
    const from = position === undefined ? '-' : `(${position}`
    const found = await run('search names', keys.names, (client) =>
      client.zrangebylex(keys.nameOrder, from, '+', 'LIMIT', 0, SEARCH_STEP_NAMES),
    )
    more = found.length === SEARCH_STEP_NAMES
    for (const [at, name] of found.entries()) {
      position = name
      if (matches(name)) names.push(name)
      if (names.length < limit) continue
      more ||= at < found.length - 1
      break
    }
  }
  const cursor = more && position !== undefined ? { cursor: position } : {}
  if (names.length === 0) return { names, ids: [], ...cursor }
  const ids = await run('read names', keys.names, (client) => client.hmget(keys.names, ...names))
  return { names, ids, ...cursor }
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
