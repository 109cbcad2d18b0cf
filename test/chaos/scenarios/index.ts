import type { Scenario } from '../scenario.ts'
import { slowClients, storm } from './crowds.ts'
import { flapping } from './flapping.ts'
import { halfOpen, partitionNginx, partitionRedis } from './network-faults.ts'
import { memoryLimit, nodeKill, nodePause } from './node-faults.ts'
import { clockStep, nginxReload, rollingRestart, scaleOut } from './operations.ts'
import {
  clusterFailover,
  clusterResharding,
  sentinelFailover,
  sentinelLag,
  sentinelPause,
} from './redis-beyond-one.ts'
import {
  pubsubBuffer,
  pubsubKill,
  redisEmpty,
  redisFull,
  redisKill,
  redisLatency,
  redisPause,
  redisRestart,
  redisTorn,
} from './redis-faults.ts'

/** All scenarios, in the order in which they run. */
export const SCENARIOS: readonly Scenario[] = [
  flapping,
  nodeKill,
  nodePause,
  memoryLimit,
  redisRestart,
  redisKill,
  redisEmpty,
  redisTorn,
  redisPause,
  redisLatency,
  pubsubKill,
  pubsubBuffer,
  redisFull,
  sentinelFailover,
  sentinelPause,
  sentinelLag,
  clusterFailover,
  clusterResharding,
  partitionRedis,
  partitionNginx,
  halfOpen,
  rollingRestart,
  scaleOut,
  nginxReload,
  clockStep,
  storm,
  slowClients,
]
