/** What a server of a Redis Cluster says about which primary has which slots. */

import type { Settings } from '../options.ts'
import type { Client } from '../scripts.ts'
import { connect } from '../server/connect.ts'
import { ReadySignal } from '../server/readiness.ts'
import type { Endpoint } from '../server/url.ts'

export interface SlotMap {
  /** Of the configuration that the server knows. */
  readonly epoch: number
  readonly ranges: readonly SlotRange[]
}

export interface SlotRange {
  readonly from: number
  readonly to: number
  /** The primary. */
  readonly endpoint: Endpoint
}

export async function readSlots(client: Client, whom: Endpoint | undefined): Promise<SlotMap> {
  const [info, slots]: [unknown, unknown] = await Promise.all([
    client.cluster('INFO'),
    client.cluster('SLOTS'),
  ])
  const epoch = Number(/cluster_current_epoch:(\d+)/.exec(String(info))?.[1] ?? 0)
  return {
    epoch,
    ranges: Array.isArray(slots) ? slots.flatMap((entry) => rangeOf(entry, whom?.host ?? '')) : [],
  }
}

/** By a connection of its own. Rejects where the server does not answer in time. */
export async function askSlots(settings: Settings, whom: Endpoint): Promise<SlotMap> {
  const client = connect(settings, 'slots', whom)
  const ready = new ReadySignal(client, settings)
  try {
    await ready.wait('say who serves which slot')
    return await readSlots(client, whom)
  } finally {
    await ready.close()
  }
}

/** `[from, to, [host, port, …] of the primary, …]`. A server that does not know its own address leaves the host out. */
function rangeOf(entry: unknown, host: string): SlotRange[] {
  if (!Array.isArray(entry) || !Array.isArray(entry[2])) return []
  const [from, to, [named, port]] = entry
  if (typeof from !== 'number' || typeof to !== 'number' || typeof port !== 'number') return []
  return [{ from, to, endpoint: { host: typeof named === 'string' && named !== '' ? named : host, port } }]
}
