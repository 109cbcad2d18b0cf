/** Whether Redis serves this node now: commands are answered, and messages come back by Pub/Sub. */
import type { Cluster } from '@skein/core'
import type { Bus } from './bus.ts'
import type { Commands } from './commands.ts'

type Health = Awaited<ReturnType<Cluster['health']>>

export async function health(commands: Commands, bus: Bus): Promise<Health> {
  try {
    await commands.run('answer a PING', (client) => client.ping())
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) }
  }
  if (!bus.live) return { ok: false, reason: 'the Pub/Sub connection to Redis is being restored' }
  const result = await bus.probe.run()
  if (result === 'heard') return { ok: true }
  return {
    ok: false,
    reason: result === 'lost' ? 'Redis Pub/Sub does not deliver' : 'Redis takes no publications',
  }
}
