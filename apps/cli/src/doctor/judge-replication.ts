import type { ConfigFacts, RedisFacts } from './facts.ts'
import { type Finding, ok, warn } from './finding.ts'

/** Whether the publishes that wait for a replica can ever be acknowledged. */
export function judgeReplication({ replicated }: ConfigFacts, redis: RedisFacts): Finding[] {
  if (replicated.length === 0) return []
  const about = 'durability'
  const names = replicated.join(', ')
  const replicas = redis.kind === 'reached' ? redis.replicas : 0
  if (replicas === undefined) return []
  return replicas > 0
    ? [ok(about, `${names}: replicated, and the Redis primary has ${replicas} replicas`)]
    : [
        warn(
          about,
          `${names}: replicated, and Redis has no replica: every publish there is refused with error 100`,
          "give Redis a replica (Sentinel, Cluster), or take durability 'primary'",
        ),
      ]
}
