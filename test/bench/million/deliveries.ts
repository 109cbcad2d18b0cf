/** A broadcast to all connections, and messages to single users: who receives them, and when. */
import { micros } from '../load/clock.ts'
import type { Pool } from '../load/pool.ts'
import { stampedData } from '../load/stamp.ts'
import { pause } from '../rows/rounds.ts'
import { callApi } from '../systems/api.ts'
import type { Running } from '../systems/index.ts'

export interface Delivery {
  readonly expected: number
  readonly received: number
  /** From the first publish to the last receipt. */
  readonly seconds: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  /** Connections that the server closed during the delivery, with reasons. */
  readonly ended: Readonly<Record<string, number>>
}

const PAYLOAD = 100
const MESSAGES = 10_000
/** Concurrent calls of the server API. */
const AT_ONCE = 32
/** The wait ends after this time without any receipt. */
const SILENCE_MS = 5000

export async function broadcast(nodes: Running, pool: Pool, connections: number): Promise<Delivery> {
  await pool.countAnyway()
  const startedAt = micros()
  await callApi(nodes, 'publish', { channel: nodes.channel('all'), data: stamped(1) })
  return await collected(pool, connections, startedAt)
}

export async function personal(nodes: Running, pool: Pool): Promise<Delivery> {
  const count = Math.ceil(MESSAGES / pool.size)
  const chosen = await Promise.all(
    pool.processes.map((process) => process.run({ op: 'personal', group: 'all', count })),
  )
  const users = chosen.flatMap((some) => some.users).slice(0, MESSAGES)
  await pool.countAnyway()
  const startedAt = micros()
  let next = 0
  const publish = async (): Promise<void> => {
    for (let at = next++; at < users.length; at = next++) {
      await callApi(nodes, 'publish', { channel: `#${users[at]}`, data: stamped(at) })
    }
  }
  const publishing = Promise.all(Array.from({ length: AT_ONCE }, publish))
  const [delivery] = await Promise.all([collected(pool, users.length, startedAt), publishing])
  return delivery
}

const stamped = (at: number): unknown => JSON.parse(stampedData(PAYLOAD, micros(), at))

async function collected(pool: Pool, expected: number, startedAt: number): Promise<Delivery> {
  let received = 0
  let lastAt = micros()
  const counts: Awaited<ReturnType<Pool['countAnyway']>>[] = []
  while (received < expected && micros() - lastAt < SILENCE_MS * 1000) {
    await pause(200)
    const count = await pool.countAnyway()
    counts.push(count)
    if (count.received > 0) lastAt = micros()
    received += count.received
  }
  const [first, ...rest] = counts
  for (const { latency } of rest) first?.latency.merge(latency.data())
  const ended: Record<string, number> = {}
  for (const [why, times] of counts.flatMap(({ lost }) => Object.entries(lost)))
    ended[why] = (ended[why] ?? 0) + times
  return {
    expected,
    received,
    seconds: (lastAt - startedAt) / 1e6,
    p50: first?.latency.percentile(0.5) ?? Number.NaN,
    p99: first?.latency.percentile(0.99) ?? Number.NaN,
    ended,
  }
}
