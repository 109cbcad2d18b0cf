import { Unauthorized } from '@skein/client'
import { askToken, NameRefused, NoTokens, type Session } from './session.ts'

/** Fetches a token for the SDK. A permanent failure ends the connection. */
export async function freshToken({ user, name }: Session): Promise<string> {
  try {
    return (await askToken({ user, name })).token
  } catch (error) {
    if (error instanceof NoTokens || error instanceof NameRefused) throw new Unauthorized(error.message)
    throw error
  }
}
