/**
 * The configuration of a node: parsed once, all problems reported together, frozen. Every setting passes
 * through this file. The environment is a parameter, which `run.ts` passes.
 */
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import type { ChannelsConfig, Limits } from '@skein/core'
import { DEV_API_KEY, DEV_CHANNELS, DEV_SECRET } from './development.ts'
import { readNamespaces } from './namespaces-file.ts'
import { ConfigError, type Problem } from './problem.ts'
import { ruleProblems } from './rules.ts'
import { type Settings, variableName } from './schema.ts'
import { type Env, readVariables } from './variables.ts'
import { readWebhooks, type WebhookTarget } from './webhooks-file.ts'

export interface Config extends Settings {
  readonly channels: ChannelsConfig
  readonly limits: Limits
  /** Content of the webhooks file. Holds secrets: never log it. */
  readonly webhookTargets: readonly WebhookTarget[]
}

export interface ConfigSources {
  readonly env: Env
  /** For tests. */
  readonly readFile?: (path: string) => string
}

/** Throws {@link ConfigError}, whose message lists every problem. */
export function parseConfig({ env, readFile = (path) => readFileSync(path, 'utf8') }: ConfigSources): Config {
  const problems: Problem[] = []
  const settings = readVariables(env, problems)
  const channels = settings.config === '' ? DEV_CHANNELS : readNamespaces(settings.config, readFile, problems)
  // An unknown environment is reported alone: the rules of production would hide it.
  const unclear = problems.some(({ where }) => where === variableName('env'))
  const judgedAs = unclear ? 'development' : settings.env
  problems.push(...ruleProblems({ ...settings, env: judgedAs }))
  const webhookTargets = readWebhooks(settings.webhooks, judgedAs, readFile, problems)
  if (problems.length > 0) throw new ConfigError(problems)
  return Object.freeze({
    ...settings,
    ...developmentSecrets(settings),
    nodeName: settings.nodeName || hostname(),
    channels,
    limits: limitsOf(settings),
    webhookTargets,
  })
}

/** In production the rules require each of these values. */
function developmentSecrets({ env, tokenHmacSecret, apiKey }: Settings): Partial<Settings> {
  if (env === 'production') return {}
  return { tokenHmacSecret: tokenHmacSecret || DEV_SECRET, apiKey: apiKey || DEV_API_KEY }
}

function limitsOf(settings: Settings): Limits {
  return {
    pingInterval: settings.pingInterval,
    pongTimeout: settings.pongTimeout,
    staleTimeout: settings.staleTimeout,
    expiredGrace: settings.expiredGrace,
    connectsAtOnce: settings.connectsAtOnce,
    connectsWaiting: settings.connectsWaiting,
    inboxCommands: settings.inboxCommands,
    outboxBytes: settings.outboxBytes,
    slowTimeout: settings.slowTimeout,
    bufferedPublications: settings.bufferedPublications,
    subscriptionsPerConnection: settings.subscriptionsPerConnection,
    channelLength: settings.channelLength,
    tokenLength: settings.tokenLength,
    recoveryPublications: settings.recoveryPublications,
    historyPublications: settings.historyPublications,
    writeDelay: settings.writeDelay,
    positionCheckInterval: settings.positionCheckInterval,
    rebalanceInterval: settings.rebalance === 'on' ? settings.rebalanceInterval : 0,
    rebalanceSettle: settings.rebalanceSettle,
    shedRate: settings.shedRate,
    connectionAge: settings.maxConnectionAge,
  }
}
