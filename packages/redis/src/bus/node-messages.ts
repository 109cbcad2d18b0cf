/** Messages for nodes that a script of a Redis Cluster returned instead of sending them: sent here, in their order. */

import type { Settings } from '../options.ts'
import type { Untold } from '../scripts.ts'
import type { Commands } from '../server/commands.ts'

/** Messages of one bus channel go to one server by one connection, so that they arrive as they were returned. */
export async function tellNodes(commands: Commands, untold: Untold): Promise<void> {
  const sent: Promise<void>[] = []
  for (let at = 0; at + 1 < untold.length; at += 2) {
    sent.push(commands.announce('tell a node', untold[at] ?? '', untold[at + 1] ?? ''))
  }
  await Promise.all(sent)
}

/** Of a publication, which stands whatever becomes of this: what a node misses of a stream, it finds there. */
export async function tellOfPublication(
  { report }: Settings,
  commands: Commands,
  channel: string,
  untold: Untold,
): Promise<void> {
  if (untold.length === 0) return
  try {
    await tellNodes(commands, untold)
  } catch (error) {
    report(error, `personal channel ${channel}`)
  }
}
