/**
 * What is sent to Redis in one turn of the event loop leaves in one write. A system call of its own for each command was the
 * largest item in the profile of a publish (docs/performance.md).
 */
import type { Redis } from 'ioredis'

/** Gives `redis` this habit. Commands leave before the event loop waits again, so none of them waits for another. */
export function inOneWrite(redis: Redis): Redis {
  const send = redis.sendCommand
  let corked = false
  redis.sendCommand = function (this: Redis, ...args: Parameters<typeof send>) {
    const { stream } = redis
    if (!corked && redis.status === 'ready' && stream !== undefined) {
      corked = true
      stream.cork()
      setImmediate(() => {
        corked = false
        stream.uncork()
      })
    }
    return send.apply(this, args)
  }
  return redis
}
