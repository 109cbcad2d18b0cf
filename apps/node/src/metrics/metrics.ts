/** The metrics of a node for Prometheus, one file for each topic. docs/reference/metrics.md lists them. */
import type { Chat } from '@skein/chat'
import type { SkeinNode } from '@skein/core'
import type { RedisCounters } from '@skein/redis'
import type { Registry } from 'prom-client'
import type { Admission } from '../admission/admission.ts'
import type { LoopDelay } from '../admission/loop-delay.ts'
import type { Overload } from '../admission/overload.ts'
import type { Watches } from '../admission/start.ts'
import { countApi } from './api.ts'
import { showBounds } from './bounds.ts'
import { showBuild } from './build.ts'
import { countChannels } from './channels.ts'
import { showListeners } from './chat.ts'
import { countCommands } from './commands.ts'
import { countCompression } from './compression.ts'
import { countConnections } from './connections.ts'
import type { EdgeMetrics } from './edge.ts'
import { namespaceLabels } from './labels.ts'
import { showLevels } from './levels.ts'
import { showOverload } from './overload.ts'
import { showProcess } from './process.ts'
import { showDraining, showReachable, showReady } from './ready.ts'
import { showRedis } from './redis.ts'
import { countSockets } from './sockets.ts'
import { countTrouble } from './trouble.ts'

export interface Metrics extends EdgeMetrics {
  readonly registry: Registry
}

export interface MetricsOptions {
  /** The registry of chat's metrics. */
  readonly registry: Registry
  readonly node: SkeinNode
  readonly name: string
  readonly version: string
  readonly namespaces: readonly string[]
  readonly admission: Pick<Admission, 'maxConnections' | 'halfOpen' | 'waiting' | 'reasons'>
  readonly overload: Pick<Overload, 'loopDelay' | 'causes'>
  readonly loopDelay: Pick<LoopDelay, 'collect'>
  readonly watches: Pick<Watches, 'clusterReachable'>
  /** Absent if chat is disabled. */
  readonly chat?: Pick<Chat, 'listeners'>
  /** Absent if the node has no Redis. */
  readonly redis?: () => RedisCounters
}

/** In the order of docs/reference/metrics.md. */
export function createMetrics(options: MetricsOptions): Metrics {
  showNode(options)
  countEvents(options)
  const { registry, chat } = options
  const edges = { ...countSockets(registry), ...countApi(registry), ...countCompression(registry) }
  if (chat !== undefined) showListeners(registry, chat)
  return { registry, ...edges }
}

/** Metrics that are read at each scrape. */
function showNode({ registry, node, admission, redis, ...options }: MetricsOptions): void {
  showProcess(registry)
  showLevels(registry, node)
  if (redis !== undefined) showRedis(registry, redis)
  showReady(registry, node, admission)
  showReachable(registry, options.watches)
  showBuild(registry, options.version, options.name)
  showBounds(registry, node, admission)
  showOverload(registry, options.overload, options.loopDelay)
  showDraining(registry, node)
}

/** Metrics that count core's events. */
function countEvents({ registry, node: { events }, namespaces }: MetricsOptions): void {
  countConnections(registry, events)
  countCommands(registry, events)
  countChannels(registry, events, namespaceLabels(namespaces))
  countTrouble(registry, events)
}
