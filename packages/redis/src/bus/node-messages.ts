/**
 * Messages to nodes that a script returned instead of publishing them, as in a Redis Cluster. Published here,
 * in order.
 */

import type { NodeMessages } from '../scripts.ts'
import type { Commands } from '../server/commands.ts'
import type { Settings } from '../server/settings.ts'

/** All messages of one bus channel use one connection to one server, so they arrive in order. */
export async function notifyNodes(commands: Commands, nodeMessages: NodeMessages): Promise<void> {
  const sent: Promise<void>[] = []
  for (let at = 0; at + 1 < nodeMessages.length; at += 2) {
    sent.push(commands.publish('notify a node', nodeMessages[at] ?? '', nodeMessages[at + 1] ?? ''))
  }
  await Promise.all(sent)
}

/**
 * As {@link notifyNodes}, for a publication. Its success does not depend on it: a node finds missed
 * publications in the stream.
 */
export async function notifyNodesOfPublication(
  { report }: Settings,
  commands: Commands,
  channel: string,
  nodeMessages: NodeMessages,
): Promise<void> {
  if (nodeMessages.length === 0) return
  try {
    await notifyNodes(commands, nodeMessages)
  } catch (error) {
    report(error, `personal channel ${channel}`)
  }
}
