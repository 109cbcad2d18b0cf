import type { Behind, DeadLetters, EventStream, StreamEntry } from '@skein/chat'
import type { Calls } from './calls.ts'

/** Events that wait; beyond it the oldest go, taken or not: a listener that is away for so long has to start anew. */
const MOST_EVENTS = 100_000
const MOST_LETTERS = 10_000
/** How long a letter is known as added, seconds. */
const LETTER_KNOWN = 2_592_000

/** One that was forgotten too early is known again with the next entry that it is given. */
const CONSUMER_IDLE = 3_600_000

type Raw = [id: string, fields: string[]] | null

/** `consumerIdle`: when a consumer that holds nothing is taken for one of a node that is gone, ms. */
export function redisEventStream({ keys, run }: Calls, consumerIdle = CONSUMER_IDLE): EventStream {
  const { events } = keys
  return {
    async append(text) {
      await run('append an event', events, (client) =>
        client.xadd(events, 'MAXLEN', '~', MOST_EVENTS, '*', 'e', text),
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
        const groups = await run('tell how far listeners are', events, (client) =>
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
        client.deadAdd(dead, keys.deadOnce(once), text, MOST_LETTERS, LETTER_KNOWN),
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

/** A reply of names and values in turn. */
function pairs(flat: readonly unknown[]): Readonly<Record<string, unknown>> {
  const at = (index: number): string => String(flat[index])
  return Object.fromEntries(
    flat.flatMap((_, index) => (index % 2 === 0 ? [[at(index), flat[index + 1]]] : [])),
  )
}

/** Redis cannot tell the lag (null) where entries were deleted one by one, which chat does not do. */
function behindOf(groups: readonly Readonly<Record<string, unknown>>[], name: string): Behind | undefined {
  const group = groups.find((one) => one['name'] === name)
  if (group === undefined || typeof group['lag'] !== 'number') return undefined
  return { waiting: group['lag'], pending: Number(group['pending']) }
}

/** Nothing for an entry that was trimmed. */
function entryOf(raw: Raw): StreamEntry[] {
  if (raw === null) return []
  const [id, fields] = raw
  return [{ id, text: fields[1] ?? '' }]
}
