/** Redis servers and nodes for tests of faults, with leases short enough to expire in a test. */
import type { Cluster } from '@skein/core'
import { type RedisServer, startRedis } from '@skein/testkit'
import { type ContractNode, enter, envelope } from '@skein/testkit/contracts'
import { expect, onTestFinished } from 'vitest'
import { createRedisCluster, type RedisCluster, type RedisClusterOptions } from '../index.ts'

/** Publish options with and without history. */
export const HISTORY = { historySize: 100, historyTtl: 60, metaTtl: 120 }
export const NO_HISTORY = { historySize: 0, historyTtl: 0, metaTtl: 0 }

export const SHORT_TIMING = { lease: 1000, renewal: 250, grace: 500, command: 600 }

export async function startServer(options?: Parameters<typeof startRedis>[0]): Promise<RedisServer> {
  const redis = await startRedis(options)
  onTestFinished(() => redis.stop())
  return redis
}

/** Writes each command to disk before it replies, so that a kill loses nothing. */
export const DURABLE = { persistent: true, settings: ['--appendfsync', 'always'] }

export function createCluster(url: string, options: Partial<RedisClusterOptions> = {}): RedisCluster {
  const cluster = createRedisCluster({ url, name: 'node', timing: SHORT_TIMING, ...options })
  onTestFinished(() => cluster.close())
  return cluster
}

export async function enterNode(url: string, name: string): Promise<ContractNode> {
  return await enter(name, createCluster(url, { name }))
}

/** Rejects unless Redis serves the node. */
export async function assertServes({ broker, health }: Cluster): Promise<true> {
  await broker.publish('room:serves', envelope(1), NO_HISTORY)
  expect(await health()).toEqual({ ok: true })
  return true
}
