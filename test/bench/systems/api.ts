/** Skein's server API, as a backend calls it. */
import { API_KEY } from './skein.ts'
import type { Running } from './system.ts'

export async function callApi<T>({ internalUrls }: Running, method: string, params: object): Promise<T> {
  const [url] = internalUrls ?? []
  const response = await fetch(`${url}/api/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': API_KEY },
    body: JSON.stringify(params),
  })
  const { result, error } = (await response.json()) as { result?: T; error?: { message: string } }
  if (result === undefined) throw new Error(`${method}: ${error?.message ?? response.status}`)
  return result
}
