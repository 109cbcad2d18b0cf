/**
 * Ends the process: in order on the first signal, at once on the second, with code 1 after an uncaught error.
 */
import type { EventEmitter } from 'node:events'

/** `process`, or a fake of a test. */
export interface ProcessLike extends Pick<EventEmitter, 'on'> {
  exit(code: number): void
}

export interface Ending {
  readonly log: { info(text: string): void; fatal(fields: object, text: string): void }
  stop(): Promise<void>
}

export function endOnSignals(process: ProcessLike, { log, stop }: Ending): void {
  let stopping = false
  const end = (signal: string): void => {
    if (stopping) {
      log.info(`${signal} again: ending at once`)
      process.exit(1)
      return
    }
    stopping = true
    log.info(`${signal}: draining, then ending; a second signal ends at once`)
    stop().then(
      () => process.exit(0),
      (error: unknown) => fail(error, 'the end failed'),
    )
  }
  const fail = (error: unknown, what: string): void => {
    log.fatal({ err: error }, what)
    process.exit(1)
  }
  process.on('SIGTERM', () => end('SIGTERM'))
  process.on('SIGINT', () => end('SIGINT'))
  // After an uncaught error the state is unknown. Clients reconnect to another node.
  process.on('uncaughtException', (error: unknown) => fail(error, 'uncaught exception'))
  process.on('unhandledRejection', (error: unknown) => fail(error, 'unhandled rejection'))
}
