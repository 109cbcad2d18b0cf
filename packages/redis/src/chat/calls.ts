import type { Commands } from '../server/commands.ts'
import type { ChatKeys } from './keys.ts'
import type { ChatClient } from './scripts.ts'

/** Dependencies of every part of the chat storage. */
export interface Calls {
  readonly keys: ChatKeys
  /** Runs one call about `key`, or about keys that share its hash tag; `what` completes "Redis did not …". */
  run<T>(what: string, key: string, call: (client: ChatClient) => Promise<T>): Promise<T>
}

/** TTL of records of a user: half a year without use, seconds. */
export const USER_TTL_SECONDS = 15_552_000

/** `commands` must use connections with the scripts of chat. */
export function callsOver(commands: Commands, keys: ChatKeys): Calls {
  return {
    keys,
    run: (what, key, call) => commands.run(what, key, (client) => call(client as unknown as ChatClient)),
  }
}
