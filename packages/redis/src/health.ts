/** Whether Redis serves this node now: every server answers commands, and messages come back by every Pub/Sub connection. */
import type { Cluster } from '@skein/core'
import type { Bus } from './bus/bus.ts'
import type { Feed } from './bus/subscriber-connection.ts'
import type { Commands } from './server/commands.ts'
import type { Server } from './server/server.ts'
import { addressOf } from './server/url.ts'

type Health = Awaited<ReturnType<Cluster['health']>>

export async function health(commands: Commands, bus: Bus): Promise<Health> {
  const servers = commands.servers()
  if (servers.length === 0) return { ok: false, reason: 'Redis did not say who serves which slot' }
  const answers = await Promise.all(servers.map(answer))
  const silent = answers.find((reason) => reason !== undefined)
  if (silent !== undefined) return { ok: false, reason: silent }
  if (!bus.live) return { ok: false, reason: 'the Pub/Sub connection to Redis is being restored' }
  const deaf = (await Promise.all(bus.feeds().map(hears))).find((reason) => reason !== undefined)
  return deaf === undefined ? { ok: true } : { ok: false, reason: deaf }
}

/** What is wrong with a server. */
async function answer({ link, endpoint }: Server): Promise<string | undefined> {
  const where = endpoint === undefined ? '' : ` (${addressOf(endpoint)})`
  try {
    await link.ready.wait('answer a PING')
    await link.client.ping()
    return undefined
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}${where}`
  }
}

async function hears(feed: Feed): Promise<string | undefined> {
  const result = await feed.probe.run()
  if (result === 'heard') return undefined
  return result === 'lost' ? 'Redis Pub/Sub does not deliver' : 'Redis takes no publications'
}
