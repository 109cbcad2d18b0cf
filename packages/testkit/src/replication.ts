/** Replication that a test can cut: replicas log in as a user of their own, which can be locked. */
import type { RedisServer } from './redis-server.ts'

const USER = 'replica'

/** For every server that may become a primary or a replica. */
export const REPLICATION = [
  '--user',
  ...[USER, 'on', 'nopass', '+@all'],
  '--masteruser',
  USER,
  '--masterauth',
  'any',
  // Small and fast settings: tests have little data.
  '--repl-diskless-sync-delay',
  '0',
]

/** Disconnects the primary's replicas and rejects their reconnects. */
export async function sever(primary: RedisServer): Promise<void> {
  await primary.command('ACL', 'SETUSER', USER, 'off')
  await primary.command('CLIENT', 'KILL', 'TYPE', 'replica')
}
