/** Calls methods by name, and converts their errors to replies. */
import { ReplyError } from '@skein/core'
import { ERROR } from '@skein/protocol'
import { errorCode, errorText, isForeseen } from './errors.ts'
import { type JsonText, object } from './json.ts'
import type { ApiContext, ApiMethod } from './method.ts'
import { channels, info } from './methods/cluster.ts'
import { history, historyRemove } from './methods/history.ts'
import { drain, undrain } from './methods/maintenance.ts'
import { presence, presenceStats } from './methods/presence.ts'
import { broadcast, publish } from './methods/publish.ts'
import { rpc } from './methods/rpc.ts'
import { disconnect, refresh, subscribe, unsubscribe } from './methods/users.ts'

/** All methods except `batch`, which calls them. */
export const METHODS: readonly ApiMethod[] = [
  publish,
  broadcast,
  subscribe,
  unsubscribe,
  disconnect,
  refresh,
  presence,
  presenceStats,
  history,
  historyRemove,
  channels,
  info,
  rpc,
  drain,
  undrain,
]

const BY_NAME: ReadonlyMap<string, ApiMethod> = new Map(METHODS.map((one) => [one.name, one]))

/** Observes each call, for metrics and logs. */
export interface ApiObserver {
  /** `error` 0: success. */
  apiCalled(method: string, error: number, seconds: number): void
  unforeseen(method: string, error: unknown): void
}

export interface ApiServer extends ApiContext {
  readonly observer: ApiObserver
}

/** The reply as JSON: `{"result":…}` or `{"error":{…}}`. Never rejects. */
export async function callMethod(server: ApiServer, name: string, params: unknown): Promise<JsonText> {
  const outcome = await attempt(server, name, params)
  return 'result' in outcome ? object({ result: outcome.result }) : object({ error: outcome.error })
}

export type Outcome = { readonly result: JsonText } | { readonly error: JsonText }

/** As {@link callMethod}, not serialised yet. */
export async function attempt(server: ApiServer, name: string, params: unknown): Promise<Outcome> {
  const called = BY_NAME.get(name)
  const start = performance.now()
  let code = 0
  try {
    if (called === undefined) throw new ReplyError(ERROR.methodNotFound)
    return { result: await called.call(server, params ?? {}) }
  } catch (error) {
    code = errorCode(error).code
    if (!isForeseen(error)) server.observer.unforeseen(name, error)
    return { error: errorText(error) }
  } finally {
    server.observer.apiCalled(called?.name ?? 'unknown', code, (performance.now() - start) / 1000)
  }
}
