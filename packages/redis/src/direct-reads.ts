/**
 * What Redis sends is parsed as it comes. ioredis listens by `prependListener`, by which a stream of Node does not know that it is
 * listened to (`kDataListening`, lib/internal/streams/readable.js): each chunk is queued then, and read again by a tick of its own.
 */
import type { Redis } from 'ioredis'

/** For all connections that `redis` makes. */
export function readDirectly(redis: Pick<Redis, 'on' | 'stream'>): void {
  redis.on('connect', () => {
    const { stream } = redis
    stream?.on('data', nothing)
    // Only the last listener to go would take it back.
    stream?.off('data', nothing)
  })
}

const nothing = (): void => undefined
