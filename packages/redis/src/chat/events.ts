import type { Behind, DeadLetters, EventStream, StreamEntry } from '@skein/chat'
import type { Calls } from './calls.ts'

/**
 * Maximum number of events in the stream. Beyond it the oldest are removed, processed or not, and a listener
 * that was away for so long starts again.
 */
const MAX_EVENTS = 100_000
const MAX_LETTERS = 10_000
/** Time for which Redis knows that a letter was added. */
const LETTER_KNOWN_SECONDS = 2_592_000

/**
 * Idle time after which a consumer without pending entries is removed. A live one is created again with its
 * next entry.
 */
const CONSUMER_IDLE_MS = 3_600_000

type Raw = [id: string, fields: string[]] | null

/**
 * `consumerIdle`: idle time after which a consumer without pending entries counts as one of a dead node, ms.
 */
export function redisEventStream({ keys, run }: Calls, consumerIdle = CONSUMER_IDLE_MS): EventStream {
  const { events } = keys
  return {
    async append(text) {
      await run('append an event', events, (client) =>
        client.xadd(events, 'MAXLEN', '~', MAX_EVENTS, '*', 'e', text),
      )
    },
    async open(group) {
      await run('open a group', events, (client) => client.groupOpen(events, group, consumerIdle))
    },
    async read(group, consumer, limit) {
      const reply = (await run('read events', events, (client) =>
        client.xreadgroup('GROUP', group, consumer, 'COUNT', limit, 'STREAMS', events, '>'),
      )) as [string, Raw[]][] | null
      return (reply?.[0]?.[1] ?? []).flatMap(entryOf)
    },
    async pending(group, idle, limit) {
      const rows = (await run('list pending events', events, (client) =>
        client.xpending(events, group, 'IDLE', idle, '-', '+', limit),
      )) as [id: string, consumer: string, idle: number, deliveries: number][]
      return rows.map(([id, , waited, deliveries]) => ({ id, idle: waited, deliveries }))
    },
    async claim(group, consumer, id, idle) {
      const rows = (await run('claim an event', events, (client) =>
        client.xclaim(events, group, consumer, idle, id),
      )) as Raw[]
      return rows.flatMap(entryOf)[0]
    },
    async ack(group, id) {
      await run('acknowledge an event', events, (client) => client.xack(events, group, id))
    },
    async behind(group) {
      try {
        const groups = await run('report the lag of listeners', events, (client) =>
          client.xinfo('GROUPS', events),
        )
        return behindOf((groups as readonly (readonly unknown[])[]).map(pairs), group)
      } catch (error) {
        if (says(error, 'no such key')) return undefined
        throw error
      }
    },
  }
}

function says(error: unknown, words: string): boolean {
  return error instanceof Error && error.message.includes(words)
}

export function redisDeadLetters({ keys, run }: Calls): DeadLetters {
  const { dead } = keys
  return {
    async add(once, text) {
      const added = await run('keep a dead letter', dead, (client) =>
        client.deadAdd(dead, keys.deadOnce(once), text, MAX_LETTERS, LETTER_KNOWN_SECONDS),
      )
      return added === 1
    },
    async list({ limit, cursor }) {
      const from = cursor === undefined ? '-' : `(${cursor}`
      const found = await run('list dead letters', dead, (client) =>
        client.xrange(dead, from, '+', 'COUNT', limit + 1),
      )
      const items = found.slice(0, limit).flatMap(entryOf)
      const last = items.at(-1)
      return { items, ...(last !== undefined && found.length > limit && { cursor: last.id }) }
    },
    async get(id) {
      const found = await run('read a dead letter', dead, (client) => client.xrange(dead, id, id))
      return found.flatMap(entryOf)[0]?.text
    },
    async remove(id) {
      return (await run('remove a dead letter', dead, (client) => client.xdel(dead, id))) > 0
    },
  }
}

/** A reply of alternating names and values. */
function pairs(flat: readonly unknown[]): Readonly<Record<string, unknown>> {
  const at = (index: number): string => String(flat[index])
  return Object.fromEntries(
    flat.flatMap((_, index) => (index % 2 === 0 ? [[at(index), flat[index + 1]]] : [])),
  )
}

/** Redis does not know the lag (null) after single entries were deleted, which chat does not do. */
function behindOf(groups: readonly Readonly<Record<string, unknown>>[], name: string): Behind | undefined {
  const group = groups.find((one) => one['name'] === name)
  if (group === undefined || typeof group['lag'] !== 'number') return undefined
  return { waiting: group['lag'], pending: Number(group['pending']) }
}

/** Empty for an entry that was trimmed. */
function entryOf(raw: Raw): StreamEntry[] {
  if (raw === null) return []
  const [id, fields] = raw
  return [{ id, text: fields[1] ?? '' }]
}
