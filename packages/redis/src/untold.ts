/** Messages for nodes that a script of a Redis Cluster returned instead of sending them: sent here, in their order. */
import type { Commands } from './commands.ts'
import type { Untold } from './scripts.ts'

/** Messages of one bus channel go to one server by one connection, so that they arrive as they were returned. */
export async function tellNodes(commands: Commands, untold: Untold): Promise<void> {
  const sent: Promise<void>[] = []
  for (let at = 0; at + 1 < untold.length; at += 2) {
    sent.push(commands.announce('tell a node', untold[at] ?? '', untold[at + 1] ?? ''))
  }
  await Promise.all(sent)
}
