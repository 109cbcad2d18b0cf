/** The ports of `@skein/core` over Redis 7.0 or newer. */
export { createRedisChatStorage } from './chat/storage.ts'
export { createRedisCluster, type RedisCluster, type RedisCounters } from './cluster.ts'
export type { Bounds, RedisClusterOptions, Timing } from './options.ts'
