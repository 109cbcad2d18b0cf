/** The socket of a connection. ioredis marks `Redis.stream` as internal and offers no other access to it. */
import type { Redis } from 'ioredis'

export type Connection = Pick<Redis, 'status' | 'stream' | 'disconnect'>

/** Identifies the present socket: each reconnect makes another one. */
export function socketOf({ stream }: Pick<Redis, 'stream'>): object | undefined {
  return stream
}

/** Address of the server to which the connection leads now. */
export function peerOf({ stream }: Pick<Redis, 'stream'>): { readonly host: string; readonly port: number } {
  return { host: stream?.remoteAddress ?? '', port: stream?.remotePort ?? 0 }
}

/** Without an open socket while it connects, ioredis asks the Sentinels. */
export function isSearching({ status, stream }: Pick<Redis, 'status' | 'stream'>): boolean {
  return status === 'connecting' && stream?.destroyed !== false
}

/** Closes the socket without waiting for the server, which may be unreachable, as `disconnect` alone does. */
export function closeNow(redis: Connection, reconnect: boolean): void {
  redis.disconnect(reconnect)
  redis.stream?.destroy()
}
