/** The room in which new users meet. */
import { type ChatClient, ChatError, type Conversation } from '@skein/client'

const LOBBY = 'Lobby'

/** Joins the lobby. The first user creates it. */
export async function joinLobby(chat: ChatClient): Promise<Conversation> {
  const found = await findLobby(chat)
  if (found !== undefined) return await chat.rooms.join(found)
  try {
    return await chat.rooms.create(LOBBY, 'public')
  } catch (error) {
    if (!(error instanceof ChatError) || error.reason !== 'name_taken') throw error
    // Another user created it first.
    const other = await findLobby(chat)
    if (other === undefined) throw error
    return await chat.rooms.join(other)
  }
}

async function findLobby(chat: ChatClient): Promise<string | undefined> {
  const { rooms } = await chat.rooms.find({ prefix: LOBBY, limit: 10 })
  return rooms.find(({ name }) => name === LOBBY)?.id
}
