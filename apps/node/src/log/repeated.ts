/** Rate limits for repeated log lines: the first of a kind at once, then one in ten seconds, with a count. */
import type { Logger } from 'pino'

const EVERY_MS = 10_000

/** Number of lines of this kind left out since the last one, if a line is due; otherwise `undefined`. */
export function countRepeated(
  now: () => number = () => performance.now(),
): (kind: string) => number | undefined {
  const kinds = new Map<string, { next: number; omitted: number }>()
  return (kind) => {
    const time = now()
    const known = kinds.get(kind)
    if (known !== undefined && time < known.next) {
      known.omitted++
      return undefined
    }
    kinds.set(kind, { next: time + EVERY_MS, omitted: 0 })
    return known?.omitted ?? 0
  }
}

/** Lines of one message in ten seconds, at level warn and above. A message may have several kinds. */
const LINES_PER_MESSAGE = 10
/** Messages of libraries may contain values. */
const MAX_MESSAGES = 1000
const WARN = 40

/** A hook of pino that drops further lines of a message, whichever module writes them. */
export function boundRepeated(now: () => number = () => performance.now()) {
  const messages = new Map<string, { until: number; lines: number }>()
  return function logMethod(
    this: Logger,
    args: Parameters<Logger['warn']>,
    method: Logger['warn'],
    level: number,
  ): void {
    if (level >= WARN) {
      const message = args.find((arg) => typeof arg === 'string') ?? ''
      const time = now()
      let known = messages.get(message)
      if (known === undefined || time >= known.until) {
        if (messages.size >= MAX_MESSAGES) messages.clear()
        known = { until: time + EVERY_MS, lines: 0 }
        messages.set(message, known)
      }
      if (++known.lines > LINES_PER_MESSAGE) return
    }
    method.apply(this, args)
  }
}
