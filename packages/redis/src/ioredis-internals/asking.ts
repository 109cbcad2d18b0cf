/**
 * A connection for keys of a slot that is being migrated: the importing server serves a command only behind
 * ASKING. Sending both together here also covers commands that ioredis or a script's fallback sends.
 */
import { Command, type Redis } from 'ioredis'

export function prefixAsking(redis: Redis): void {
  const send = redis.sendCommand.bind(redis)
  redis.sendCommand = (command, stream) => {
    if (redis.status === 'ready') {
      const asking = new Command('asking', [], {})
      // It fails with its connection, and so does the command behind it.
      asking.promise.catch(() => undefined)
      send(asking, stream)
    }
    return send(command, stream)
  }
}
