/** Server API calls to the nodes of the local cluster, or to the node that `--api` names. */
import { type Call, type Env, Failure, text } from './command.ts'
import { requireCluster } from './target.ts'

export const API_OPTION = {
  type: 'string',
  value: 'URL',
  text: 'Internal address of a node. Default: the nodes of the local cluster.',
} as const

export interface ApiTarget {
  /** Base URLs, tried in order until one is reached. */
  readonly urls: readonly string[]
  readonly apiKey: string
}

/** Throws {@link Failure} without a cluster or without a key. */
export function apiTarget(call: Call, env: Env): ApiTarget {
  const api = text(call, 'api')
  if (api === undefined) {
    const { internal, apiKey } = requireCluster(call, env, 'or name a node with --api URL')
    return { urls: internal, apiKey }
  }
  const apiKey = env['SKEIN_API_KEY']
  if (apiKey === undefined || apiKey === '')
    throw new Failure('--api requires SKEIN_API_KEY: set it to the key of the server API')
  return { urls: [api.replace(/\/$/, '')], apiKey }
}

const API_TIMEOUT_MS = 10_000

/** The `result` of a server API call. Throws {@link Failure} with the API's message if the API rejects it. */
export async function callApi(
  { urls, apiKey }: ApiTarget,
  method: string,
  request: object,
): Promise<unknown> {
  const body = JSON.stringify(request)
  let reason = 'the cluster has no node'
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
  throw new Failure(`no server API is reachable (${urls.join(', ')}): ${reason}`)
}

function resultOf(status: number, text_: string): unknown {
  if (status === 401)
    throw new Failure('the server API rejected the key: set SKEIN_API_KEY to the key of the nodes')
  if (status !== 200) throw new Failure(`the server API answered ${status}: ${text_}`)
  const reply = JSON.parse(text_) as { result?: unknown; error?: { code: number; message: string } }
  if (reply.error !== undefined) throw new Failure(`error ${reply.error.code}: ${reply.error.message}`)
  return reply.result ?? {}
}
