/**
 * Closes connections that have reached their maximum age, so that their clients reconnect. Without it, the
 * connections of a cluster stay on their nodes for weeks, with old tokens and settings. At most `shedRate`
 * connections close a second.
 */
import type { Connection } from '../connection/connection.ts'
import type { ConnectionContext } from '../connection/context.ts'
import { sleep } from '../util/sleep.ts'
import type { NodePhase } from './phase.ts'
import { idleConnections, shed } from './shed.ts'

const CHECK_INTERVAL_MS = 1000
/** Share of the setting by which ages differ, either way: connections that opened together close apart. */
const AGE_JITTER = 0.2

/** Runs until the node is closed; sheds while it serves. */
export async function limitAge(node: ConnectionContext, phase: NodePhase): Promise<void> {
  const { clock, limits } = node
  if (limits.connectionAge === 0) return
  for (;;) {
    await sleep(clock, CHECK_INTERVAL_MS)
    if (phase.closed) return
    if (!phase.serving) continue
    const old = (connection: Connection): boolean => isOld(connection, clock.now(), limits.connectionAge)
    shed(node, idleConnections(oldest(node), limits.shedRate, old), 'age')
  }
}

/** Stops at the first connection that is too young: the node holds them in the order of their opening. */
function* oldest({ connections, clock, limits }: ConnectionContext): Iterable<Connection> {
  const since = clock.now() - limits.connectionAge * (1 - AGE_JITTER)
  for (const connection of connections) {
    if (connection.network.connectedAt > since) return
    yield connection
  }
}

function isOld({ client, network }: Connection, now: number, age: number): boolean {
  return now - network.connectedAt >= age * (1 + AGE_JITTER * (2 * fractionOf(client) - 1))
}

/** A number in [0, 1) for an id, by FNV-1a. It saves a field on each connection. */
function fractionOf(id: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193)
  return (hash >>> 0) / 2 ** 32
}
