/**
 * What Redis sends is parsed as it comes. ioredis listens by `prependListener`, by which a stream of Node does not know that it is
 * listened to (`kDataListening`, lib/internal/streams/readable.js): each chunk is queued then, and read again by a tick of its own.
 * Another tick asks the socket for more, which delivers until it is told to stop; Node spares its HTTP messages that one by the same
 * means (`readingMore`, lib/_http_incoming.js).
 */
import type { Redis } from 'ioredis'

/** For all connections that `redis` makes. */
export function readDirectly(redis: Pick<Redis, 'on' | 'stream'>): void {
  redis.on('connect', () => {
    const { stream } = redis
    if (stream === undefined) return
    stream.on('data', nothing)
    // Only the last listener to go would take it back.
    stream.off('data', nothing)
    const { _readableState: state } = stream as { _readableState?: { readingMore?: boolean } }
    // Not public API. Where it does not look as known, the stream asks as ever.
    if (state?.readingMore !== undefined) state.readingMore = true
  })
}

const nothing = (): void => undefined
