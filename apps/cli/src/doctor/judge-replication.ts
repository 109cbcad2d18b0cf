import type { ConfigFacts, RedisFacts } from './facts.ts'
import { type Finding, ok, warn } from './finding.ts'

/** Checks that Redis has a replica to acknowledge the publishes of replicated namespaces. */
export function judgeReplication({ replicated }: ConfigFacts, redis: RedisFacts): Finding[] {
  if (replicated.length === 0) return []
  const about = 'durability'
  const names = replicated.join(', ')
  const replicas = redis.kind === 'reached' ? redis.replicas : 0
  if (replicas === undefined) return []
  return replicas > 0
    ? [ok(about, `${names}: replicated; replicas of the Redis primary: ${replicas}`)]
    : [
        warn(
          about,
          `${names}: replicated, but Redis has no replica: nodes reject every publish with error 100`,
          "add a replica (Sentinel, Cluster), or set durability 'primary'",
        ),
      ]
}
