/**
 * The logger. Its serializers select safe fields instead of removing unsafe ones. A log line has no query
 * string (tokens) and no header (tokens, API keys). Of an error it has message, code and stack only, because
 * ioredis keeps a command's arguments on its errors. `canary.test.ts` checks this.
 */
import pino, { type DestinationStream, type Logger } from 'pino'
import { boundRepeated } from './repeated.ts'

export interface LoggerOptions {
  readonly level: string
  readonly node: string
}

export function createLogger({ level, node }: LoggerOptions, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: { node },
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { req: requestFields, res: responseFields, err: errorFields },
    hooks: { logMethod: boundRepeated() },
    formatters: { level: (label: string) => ({ level: label }) },
  }
  return destination === undefined ? pino(options) : pino(options, destination)
}

interface RequestLike {
  readonly id?: unknown
  readonly method?: string
  readonly url?: string
  readonly ip?: string
}

export function requestFields({ id, method, url = '', ip }: RequestLike) {
  return { id, method, path: pathOf(url), address: ip }
}

/** Without the query, which may hold a token. */
export function pathOf(url: string): string {
  const query = url.indexOf('?')
  return query < 0 ? url : url.slice(0, query)
}

function responseFields({ statusCode }: { readonly statusCode?: number }) {
  return { status: statusCode }
}

function errorFields(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return { type: error.name, message: error.message, code, stack: error.stack }
}
