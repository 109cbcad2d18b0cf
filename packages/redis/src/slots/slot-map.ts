/** Reads the slots of a Redis Cluster from one of its servers. */

import type { Client } from '../scripts.ts'
import { connect } from '../server/connect.ts'
import { Readiness } from '../server/readiness.ts'
import type { Settings } from '../server/settings.ts'
import type { Endpoint } from '../server/url.ts'

export interface SlotMap {
  /** Epoch of the configuration that the server knows. */
  readonly epoch: number
  readonly ranges: readonly SlotRange[]
}

export interface SlotRange {
  readonly from: number
  readonly to: number
  /** The primary. */
  readonly endpoint: Endpoint
}

export async function readSlots(client: Client, source: Endpoint | undefined): Promise<SlotMap> {
  const [info, slots]: [unknown, unknown] = await Promise.all([
    client.cluster('INFO'),
    client.cluster('SLOTS'),
  ])
  const epoch = Number(/cluster_current_epoch:(\d+)/.exec(String(info))?.[1] ?? 0)
  return {
    epoch,
    ranges: Array.isArray(slots) ? slots.flatMap((entry) => rangeOf(entry, source?.host ?? '')) : [],
  }
}

/** Reads the slots over a connection of its own. Rejects if the server does not reply in time. */
export async function fetchSlots(settings: Settings, source: Endpoint): Promise<SlotMap> {
  const client = connect(settings, 'slots', source)
  const readiness = new Readiness(client, settings)
  try {
    await readiness.whenReady('report its slots')
    return await readSlots(client, source)
  } finally {
    await readiness.close()
  }
}

/**
 * `[from, to, [host, port, …] of the primary, …]`. A server that does not know its own address omits the
 * host.
 */
function rangeOf(entry: unknown, host: string): SlotRange[] {
  if (!Array.isArray(entry) || !Array.isArray(entry[2])) return []
  const [from, to, [named, port]] = entry
  if (typeof from !== 'number' || typeof to !== 'number' || typeof port !== 'number') return []
  return [{ from, to, endpoint: { host: typeof named === 'string' && named !== '' ? named : host, port } }]
}
