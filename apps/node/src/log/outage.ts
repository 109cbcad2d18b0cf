/**
 * Log lines of an outage of the cluster: one when it begins and one when it ends. Failures in between are
 * expected: they are counted, and logged at level debug.
 */
import { Unavailable } from '@skein/core'
import type { Logger } from 'pino'
import { countRepeated } from './repeated.ts'

/** Failures of Redis ports that are logged at once: no outage explains them. */
const UNEXPECTED: ReadonlySet<string> = new Set(['damaged', 'listener', 'rights', 'incarnation given up'])
/** A failure without an outage is logged if it recurs for this time. A reconnect ends earlier. */
const PERSISTENT_MS = 5000
/** Without a failure for this time, the next one is the first of its kind. */
const QUIET_MS = 30_000

interface Trouble {
  readonly since: number
  last: number
}

export class OutageLog {
  readonly #log: Pick<Logger, 'warn' | 'info' | 'debug'>
  readonly #now: () => number
  readonly #due: (kind: string) => number | undefined
  /** By kind. Kinds are few: each is kept. */
  readonly #troubles = new Map<string, Trouble>()
  #outage: { readonly since: number; readonly logged: boolean; failures: number } | undefined

  constructor(log: Pick<Logger, 'warn' | 'info' | 'debug'>, now: () => number = () => performance.now()) {
    this.#log = log
    this.#now = now
    this.#due = countRepeated(now)
  }

  /** The cluster is out of reach. */
  begin(reason: string): void {
    if (this.#outage !== undefined) return
    const logged = this.#due('outage') !== undefined
    this.#outage = { since: this.#now(), logged, failures: 0 }
    if (logged)
      this.#log.warn({ reason }, 'waiting for the cluster: the node keeps its clients and refuses new ones')
  }

  end(): void {
    if (this.#outage === undefined) return
    const { since, logged, failures } = this.#outage
    this.#outage = undefined
    this.#troubles.clear()
    if (logged)
      this.#log.info({ ms: Math.round(this.#now() - since), failures }, 'the cluster is within reach again')
  }

  /** A failure of a Redis port. */
  onRedisError(error: Error, where: string): void {
    if (UNEXPECTED.has(where)) this.#warn(where, error)
    else this.failed(error, where)
  }

  /** An expected failure, such as an {@link Unavailable}. */
  failed(error: unknown, where: string): void {
    this.#log.debug({ where, err: error }, 'the cluster did not answer')
    if (this.#outage === undefined) {
      if (this.#isPersistent(where)) this.#warn(where, error)
    } else this.#outage.failures++
  }

  /** One line in ten seconds, with the message and without the stack. */
  #warn(where: string, error: unknown): void {
    const omitted = this.#due(where)
    if (omitted === undefined) return
    const message = error instanceof Error ? error.message : String(error)
    this.#log.warn({ where, error: message, ...(omitted > 0 && { omitted }) }, 'trouble with the cluster')
  }

  #isPersistent(where: string): boolean {
    const now = this.#now()
    const known = this.#troubles.get(where)
    if (known === undefined || now - known.last > QUIET_MS) {
      this.#troubles.set(where, { since: now, last: now })
      return false
    }
    known.last = now
    return now - known.since >= PERSISTENT_MS
  }
}

/** Failures that need no attention of their own. */
export function isExpected(error: unknown): boolean {
  return error instanceof Unavailable
}
