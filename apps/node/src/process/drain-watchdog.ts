/** A drain that takes too long ends with SIGKILL and without a word; so there is a word before. */
import type { SkeinNode } from '@skein/core'
import type { Config } from '../config/config.ts'

/** Of the grace period: what a drain may take. */
const SHARE = 0.8

export interface DrainLog {
  error(fields: object, text: string): void
}

export interface DrainWatchdog {
  /** Ms since the beginning. */
  stop(): number
}

/** The time from the signal to the kill, ms, where it is told; else what the window needs. */
export function graceOf({ gracePeriod, drainWindow }: Pick<Config, 'gracePeriod' | 'drainWindow'>): number {
  return gracePeriod > 0 ? gracePeriod : drainWindow * 1.5 + 10_000
}

export function watchDrain(
  config: Pick<Config, 'gracePeriod' | 'drainWindow'>,
  node: Pick<SkeinNode, 'stats' | 'state'>,
  log: DrainLog,
): DrainWatchdog {
  const started = performance.now()
  const grace = graceOf(config)
  const late = (): void => {
    const { clients, outboxBytes } = node.stats()
    log.error(
      { grace, clients, outboxBytes, state: node.state },
      'the drain is late: 80 % of the grace period have passed',
    )
  }
  const timer = setTimeout(late, grace * SHARE).unref()
  return {
    stop: () => {
      clearTimeout(timer)
      return Math.round(performance.now() - started)
    },
  }
}
