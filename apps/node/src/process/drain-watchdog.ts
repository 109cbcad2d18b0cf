/** Logs a late drain before the orchestrator ends the process with SIGKILL, which leaves no log line. */
import type { SkeinNode } from '@skein/core'
import type { Config } from '../config/config.ts'

/** Share of the grace period that a drain may use. */
const SHARE_OF_GRACE = 0.8

export interface DrainLog {
  error(fields: object, text: string): void
}

export interface DrainWatchdog {
  /** Milliseconds since the drain started. */
  stop(): number
}

/** Milliseconds from the signal to SIGKILL: the setting, or an estimate from the window. */
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
      'the drain is late: 80 % of the grace period has passed',
    )
  }
  const timer = setTimeout(late, grace * SHARE_OF_GRACE).unref()
  return {
    stop: () => {
      clearTimeout(timer)
      return Math.round(performance.now() - started)
    },
  }
}
