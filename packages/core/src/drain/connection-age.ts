/**
 * Connections that are old enough are asked to come back, for clusters whose connections would otherwise stay where they are
 * for weeks: they spread anew, and pick up new tokens and settings. At most `shedRate` a second, whatever the clock says.
 */
import type { Connection } from '../connection/connection.ts'
import type { ConnectionContext } from '../connection/context.ts'
import { sleep } from '../util/sleep.ts'
import { quietOnes, shed } from './shed.ts'

const LOOK = 1000
/** Ages differ by this much from the setting, either way, so that what came together does not go together. */
const JITTER = 0.2

/** Runs until `ended`; sheds while `serving`. */
export async function limitAge(
  node: ConnectionContext,
  serving: () => boolean,
  ended: () => boolean,
): Promise<void> {
  const { clock, limits } = node
  if (limits.connectionAge === 0) return
  for (;;) {
    await sleep(clock, LOOK)
    if (ended()) return
    if (!serving()) continue
    const old = (connection: Connection): boolean => isOld(connection, clock.now(), limits.connectionAge)
    shed(node, quietOnes(oldest(node), limits.shedRate, old), 'age')
  }
}

/** In the order of their opening, so what follows the first that cannot be old enough need not be looked at. */
function* oldest({ connections, clock, limits }: ConnectionContext): Iterable<Connection> {
  const since = clock.now() - limits.connectionAge * (1 - JITTER)
  for (const connection of connections) {
    if (connection.network.connectedAt > since) return
    yield connection
  }
}

function isOld({ client, network }: Connection, now: number, age: number): boolean {
  return now - network.connectedAt >= age * (1 + JITTER * (2 * fractionOf(client) - 1))
}

/** In [0, 1), the same for the same id: FNV-1a. Saves a number on each connection. */
function fractionOf(id: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193)
  return (hash >>> 0) / 2 ** 32
}
