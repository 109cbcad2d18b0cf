/** Collects the facts for `doctor` from the machine, the configuration, Redis and nginx. Changes nothing. */
import { readFileSync } from 'node:fs'
import { ConfigError, parseConfig } from '@skein/node'
import type { Env } from '../command.ts'
import type { ClusterState } from '../state.ts'
import { hasDocker, which } from '../up/machine.ts'
import type { ConfigFacts, Facts, MachineFacts } from './facts.ts'
import { nginxFacts } from './nginx-facts.ts'
import { redisFacts } from './redis-facts.ts'

export async function collect(env: Env, cluster: ClusterState | undefined): Promise<Facts> {
  const [docker, redis, nginx] = await Promise.all([
    hasDocker(env),
    redisFacts(
      cluster?.redisUrl || env['SKEIN_REDIS_URL'] || undefined,
      which('redis-server', env) !== undefined,
    ),
    nginxFacts(which('nginx', env)),
  ])
  return { machine: machineFacts(docker, cluster), config: configFacts(env), redis, nginx }
}

const machineFacts = (docker: boolean, cluster: ClusterState | undefined): MachineFacts => ({
  nodeVersion: process.version,
  openFiles: openFiles(),
  docker,
  localCluster: cluster?.endpoint,
})

/** The soft limit from /proc, because Node has no getrlimit. */
function openFiles(): number | undefined {
  if (process.platform !== 'linux') return undefined
  const limit = /^Max open files\s+(\d+|unlimited)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]
  return limit === 'unlimited' ? Number.POSITIVE_INFINITY : Number(limit)
}

const SAFE = { problems: [], production: false, knownSecret: false, apiKey: true, replicated: [] }
const CLOSED = { allowAnonymous: false, anyOrigin: false, internalOpen: false, rebalance: false }
/** Default of nginx/container.env. */
const DEFAULT_POLICY = 'ip_hash'

export function configFacts(env: Env): ConfigFacts {
  // The switch of fast paths configures no node by itself.
  const any = Object.keys(env).some((name) => /^SKEIN_(?!NGINX_|TEST_|FAST_PATHS$)/.test(name))
  const policy = env['SKEIN_NGINX_POLICY'] || DEFAULT_POLICY
  if (!any) return { ...SAFE, ...CLOSED, any, policy }
  try {
    const config = parseConfig({ env })
    return {
      any,
      problems: [],
      production: config.env === 'production',
      knownSecret:
        config.tokenHmacSecret === parseConfig({ env: { SKEIN_ENV: 'development' } }).tokenHmacSecret,
      apiKey: config.apiKey !== '',
      allowAnonymous: config.allowAnonymous,
      anyOrigin: config.allowedOrigins.includes('*'),
      internalOpen: config.internalHost === '0.0.0.0' || config.internalHost === '::',
      replicated: Object.entries(config.channels.namespaces)
        .filter(([, { durability }]) => durability === 'replicated')
        .map(([name]) => name),
      rebalance: config.rebalance === 'on',
      policy,
    }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return { ...SAFE, ...CLOSED, any, policy, problems: error.problems }
  }
}
