/**
 * Whether Redis serves this node: every server answers commands, and a probe arrives on every Pub/Sub
 * connection.
 */
import type { Cluster } from '@skein/core'
import type { Bus } from './bus/bus.ts'
import type { SubscriberConnection } from './bus/subscriber-connection.ts'
import type { Commands } from './server/commands.ts'
import type { Server } from './server/server.ts'
import { addressOf } from './server/url.ts'

type Health = Awaited<ReturnType<Cluster['health']>>

export async function health(commands: Commands, bus: Bus): Promise<Health> {
  const servers = commands.servers()
  if (servers.length === 0) return { ok: false, reason: 'no server of the Redis Cluster reported the slots' }
  const answers = await Promise.all(servers.map(answer))
  const silent = answers.find((reason) => reason !== undefined)
  if (silent !== undefined) return { ok: false, reason: silent }
  if (!bus.live) return { ok: false, reason: 'the Pub/Sub connection to Redis is being restored' }
  const broken = (await Promise.all(bus.connections().map(receives))).find((reason) => reason !== undefined)
  return broken === undefined ? { ok: true } : { ok: false, reason: broken }
}

/** The error of a server, if any. */
async function answer({ link, endpoint }: Server): Promise<string | undefined> {
  const where = endpoint === undefined ? '' : ` (${addressOf(endpoint)})`
  try {
    await link.readiness.whenReady('answer a PING')
    await link.client.ping()
    return undefined
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}${where}`
  }
}

async function receives(connection: SubscriberConnection): Promise<string | undefined> {
  const result = await connection.probe.run()
  if (result === 'received') return undefined
  return result === 'lost' ? 'Redis Pub/Sub does not deliver' : 'Redis does not accept publications'
}
