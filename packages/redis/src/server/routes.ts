/** The server of a key: always the same one, or, in a Redis Cluster, the one that serves the key's slot. */
import type { Client } from '../scripts.ts'
import type { Server } from './server.ts'
import type { Endpoint } from './url.ts'

export interface Route {
  readonly server: Server
  /** The server's connection for commands, or its connection for keys that are being migrated. */
  readonly client: Client
}

export interface Routes {
  /** As {@link find}, where the route is known and its connection is ready. */
  current(key: string): Route | undefined
  /** The route for commands about the key. Rejects with `NotSent` where no server serves it. */
  find(what: string, key: string): Promise<Route>
  /**
   * The route for another attempt after an error that proves that the call was not executed; `undefined` for
   * all other errors, and after too many attempts.
   */
  retry(what: string, key: string, error: unknown, attempt: number): Promise<Route | undefined>
  /** Servers that serve keys. */
  servers(): readonly Server[]
  /** Runs each time a connection becomes ready. */
  onReady(run: () => void): void
  /** Runs after a failover to `primary`, when connections to other servers must be replaced. */
  onSwitch(run: (primary: Endpoint) => void): void
  close(): Promise<void>
}
