/** Replication that a test can cut: replicas come as a user of their own, which can be shut out. */
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
  // Tests have little data and no time.
  '--repl-diskless-sync-delay',
  '0',
]

/** The primary's replicas lose their connection and do not get another one. */
export async function sever(primary: RedisServer): Promise<void> {
  await primary.command('ACL', 'SETUSER', USER, 'off')
  await primary.command('CLIENT', 'KILL', 'TYPE', 'replica')
}
