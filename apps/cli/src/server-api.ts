/** Calls of the server API: of the local cluster's nodes, or of the one that `--api` names. */
import { type Call, type Env, Failure, text } from './command.ts'
import { needCluster } from './target.ts'

export const API_OPTION = {
  type: 'string',
  value: 'URL',
  text: "A node's internal address. Default: the local cluster's nodes.",
} as const

export interface ApiTarget {
  /** Tried in turn until one is reached. */
  readonly urls: readonly string[]
  readonly apiKey: string
}

/** Throws {@link Failure} when there is no cluster, or no key. */
export function apiTarget(call: Call, env: Env): ApiTarget {
  const api = text(call, 'api')
  if (api === undefined) {
    const { internal, apiKey } = needCluster(call, env, 'or name a node with --api URL')
    return { urls: internal, apiKey }
  }
  const apiKey = env['SKEIN_API_KEY']
  if (apiKey === undefined || apiKey === '')
    throw new Failure('--api needs the key of the server API in SKEIN_API_KEY')
  return { urls: [api.replace(/\/$/, '')], apiKey }
}

const API_TIMEOUT_MS = 10_000

/** The `result` of a server API call. Throws {@link Failure} with the API's own words when it refuses. */
export async function callApi(
  { urls, apiKey }: ApiTarget,
  method: string,
  request: object,
): Promise<unknown> {
  const body = JSON.stringify(request)
  let reason = 'there is none'
  for (const url of urls) {
    try {
      const headers = { 'content-type': 'application/json', 'x-api-key': apiKey }
      const signal = AbortSignal.timeout(API_TIMEOUT_MS)
      const response = await fetch(`${url}/api/${method}`, { method: 'POST', headers, body, signal })
      return resultOf(response.status, await response.text())
    } catch (error) {
      if (error instanceof Failure) throw error
      reason = error instanceof Error ? String(error.cause ?? error.message) : String(error)
    }
  }
  throw new Failure(`no node's server API could be reached (${urls.join(', ')}): ${reason}`)
}

function resultOf(status: number, text_: string): unknown {
  if (status === 401) throw new Failure('the server API refused the key')
  if (status !== 200) throw new Failure(`the server API answered ${status}: ${text_}`)
  const reply = JSON.parse(text_) as { result?: unknown; error?: { code: number; message: string } }
  if (reply.error !== undefined) throw new Failure(`refused with ${reply.error.code}: ${reply.error.message}`)
  return reply.result ?? {}
}
