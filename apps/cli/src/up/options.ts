/** The parsed options of `skein up`. */
import { type Call, type Env, flag, integer, text, UsageError } from '../command.ts'

export const DEFAULT_PORT = 8000

export interface UpOptions {
  readonly nodes: number
  /** Port of the endpoint. */
  readonly port: number
  /** From `--redis`, else from SKEIN_REDIS_URL. */
  readonly redisUrl: string | undefined
  readonly embedded: boolean
}

export function upOptions(call: Call, env: Env): UpOptions {
  const extra = call.words[0]
  if (extra !== undefined) throw new UsageError(`up takes no arguments, but got "${extra}"`)
  const embedded = flag(call, 'embedded')
  if (embedded && text(call, 'redis') !== undefined) {
    throw new UsageError('--embedded and --redis exclude each other: the embedded broker replaces Redis')
  }
  const redisUrl = embedded ? undefined : text(call, 'redis') || env['SKEIN_REDIS_URL'] || undefined
  if (redisUrl !== undefined && !/^redis(s|\+sentinel|\+cluster)?:\/\//.test(redisUrl)) {
    throw new UsageError(
      `the Redis URL must begin with redis://, rediss://, redis+sentinel:// or redis+cluster://, not "${redisUrl}"`,
    )
  }
  return {
    nodes: integer(call, 'nodes', 3, 1, 64),
    port: integer(call, 'port', DEFAULT_PORT, 1, 65_535),
    redisUrl,
    embedded,
  }
}
