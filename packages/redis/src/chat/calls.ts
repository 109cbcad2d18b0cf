import type { Commands } from '../server/commands.ts'
import type { ChatKeys } from './keys.ts'
import type { ChatClient } from './scripts.ts'

/** What every part of chat's storage needs. */
export interface Calls {
  readonly keys: ChatKeys
  /** One call about `key`, or keys that share its hash tag; `what` completes "Redis did not …". */
  run<T>(what: string, key: string, call: (client: ChatClient) => Promise<T>): Promise<T>
}

/** Per-user records are forgotten after half a year without use, seconds. */
export const USER_TTL = 15_552_000

/** `commands`: over connections that know chat's scripts. */
export function callsOver(commands: Commands, keys: ChatKeys): Calls {
  return {
    keys,
    run: (what, key, call) => commands.run(what, key, (client) => call(client as unknown as ChatClient)),
  }
}
