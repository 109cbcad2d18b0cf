/** Makes the parts of a node from its configuration. Nothing starts and nothing listens here. */
import {
  type Cluster,
  createMemoryBus,
  createMemoryCluster,
  createNode,
  type Hooks,
  systemClock,
} from '@skein/core'
import { createRedisCluster, type RedisCluster } from '@skein/redis'
import type { Logger } from 'pino'
import { Registry } from 'prom-client'
import { startAdmission, type Watches } from './admission/start.ts'
import type { RpcMethod } from './api/method.ts'
import type { AppParts } from './app.ts'
import { type ChatStart, type RunningChat, startChat } from './chat/chat.ts'
import { chatMethods } from './chat/chat-api.ts'
import type { Config } from './config/config.ts'
import { OutageLog } from './log/outage.ts'
import { chatObserver } from './metrics/chat.ts'
import { createMetrics } from './metrics/metrics.ts'
import { checkReplication } from './process/replication-check.ts'
import { createTokenVerifier } from './tokens/verifier.ts'
import { VERSION } from './version.ts'

export interface AssembleOptions {
  /** Default: Redis if the configuration has its URL, otherwise a cluster of this node alone. */
  readonly cluster?: Cluster
  readonly hooks?: Hooks
  /** For the chat layer, besides `hooks`. */
  readonly chat?: Omit<ChatStart, 'hooks' | 'observer'>
  /** Methods for `/api/rpc`. */
  readonly rpc?: ReadonlyMap<string, RpcMethod>
}

/** The parts of a node before anything listens. */
export interface Assembled {
  readonly parts: AppParts
  readonly cluster: Cluster
  readonly watches: Watches
  readonly outage: OutageLog
  readonly chat: RunningChat | undefined
}

export function assemble(config: Config, options: AssembleOptions, log: Logger): Assembled {
  const outage = new OutageLog(log)
  const redis =
    options.cluster === undefined && config.redisUrl !== '' ? redisCluster(config, outage) : undefined
  const cluster = options.cluster ?? redis ?? embedded(config)
  const tokens = createTokenVerifier(config)
  const { hooks } = options
  const registry = new Registry()
  const observer = chatObserver(registry)
  const chat = startChat(config, cluster, outage, { ...options.chat, observer, ...(hooks && { hooks }) })
  const all = chat?.chat.hooks ?? hooks
  const channels = chat?.chat.channels(config.channels) ?? config.channels
  const node = createNode({
    name: config.nodeName,
    version: VERSION,
    cluster,
    channels,
    tokens,
    allowAnonymous: config.allowAnonymous,
    limits: config.limits,
    ...(all && { hooks: all }),
  })
  chat?.chat.attach(node)
  void checkReplication(channels, redis, log)
  const { admission, overload, loopDelay, watches } = startAdmission(config, node, log, outage)
  const metrics = createMetrics({
    registry,
    node,
    admission,
    overload,
    loopDelay,
    watches,
    name: config.nodeName,
    version: VERSION,
    namespaces: Object.keys(channels.namespaces),
    ...(chat && { chat: chat.chat }),
    ...(redis && { redis: () => redis.counters() }),
  })
  const rpc = new Map([...(chat ? chatMethods(chat.chat, node) : []), ...(options.rpc ?? [])])
  const parts = { config, node, tokens, admission, metrics, log, rpc }
  return { cluster, parts, watches, outage, chat }
}

function redisCluster(config: Config, outage: OutageLog): RedisCluster {
  return createRedisCluster({
    url: config.redisUrl,
    prefix: config.redisPrefix,
    name: config.nodeName,
    onError: (error, where) => outage.onRedisError(error, where),
  })
}

function embedded(config: Config): Cluster {
  return createMemoryCluster(createMemoryBus(), { name: config.nodeName, clock: systemClock })
}
