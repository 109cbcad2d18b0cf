// @ts-check
/** Tokens from the node's development endpoint. The user id is the name. */

/** The node answers, but hands out no tokens: trying again is of no use. */
export class NoTokens extends Error {}

/** The node does not take this name. */
export class NameRefused extends Error {}

/**
 * Asks for a token. Rejects with {@link NoTokens}, {@link NameRefused}, or another error where trying again may help.
 *
 * @param {string} name
 * @returns {Promise<string>}
 */
export async function fetchToken(name) {
  const response = await fetch('/demo/token', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name }),
    signal: AbortSignal.timeout(5000),
  })
  if (response.ok) return tokenIn(await response.json())
  if (response.status === 400 || response.status === 422) throw new NameRefused(await messageIn(response))
  if (response.status === 429 || response.status >= 500)
    throw new Error(`token refused for now (${response.status})`)
  throw new NoTokens(`The node answered ${response.status}.`)
}

/** @param {unknown} body */
function tokenIn(body) {
  if (typeof body === 'object' && body !== null && 'token' in body && typeof body.token === 'string')
    return body.token
  throw new NoTokens('What answered is not a Skein node.')
}

/** @param {Response} response */
async function messageIn(response) {
  const body = await response.json().catch(() => undefined) // not JSON: the plain words below have to do
  if (typeof body?.message === 'string') return body.message
  return 'The node does not take this name.'
}
