import type { ChatContext } from '../context.ts'

/** True when no node has a connection of the user. */
export async function isOffline(chat: ChatContext, user: string): Promise<boolean> {
  return (await chat.node.sessions(user)).length === 0
}
