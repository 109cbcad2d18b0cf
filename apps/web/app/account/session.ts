/**
 * The session of this tab. Each tab has its own user, so two windows of one browser can exchange messages.
 */
import { tabTexts } from '../ui/browser-storage.ts'

export interface Session {
  /** The token's `sub`. */
  readonly user: string
  readonly name: string
}

/** The server issues no demo tokens, so a retry cannot succeed. */
export class NoTokens extends Error {}
/** The server rejected the name. */
export class NameRefused extends Error {}

const KEPT = 'skein.session'
const SIGN_IN_TIMEOUT_MS = 5000

export function keptSession(): Session | undefined {
  const text = tabTexts.get(KEPT)
  return text === null ? undefined : (JSON.parse(text) as Session)
}

export function keepSession(session: Session | undefined): void {
  tabTexts.set(KEPT, session === undefined ? null : JSON.stringify(session))
}

/** Rejects with {@link NoTokens}, {@link NameRefused}, or with another error where a retry may succeed. */
export async function signIn(name: string): Promise<Session> {
  const { user } = await askToken({ name })
  return { user, name }
}

/** Without `user` the server derives the user from the name. */
export async function askToken(who: {
  readonly name: string
  readonly user?: string
}): Promise<{ readonly token: string; readonly user: string }> {
  const response = await fetch('/demo/token', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(who),
    signal: AbortSignal.timeout(SIGN_IN_TIMEOUT_MS),
  })
  if (response.ok) return await tokenIn(response)
  if (response.status === 400 || response.status === 422) throw new NameRefused(who.name)
  if (response.status === 429 || response.status >= 500)
    throw new Error(`no token: the server replied ${response.status}`)
  throw new NoTokens(`the server replied ${response.status}`)
}

async function tokenIn(response: Response): Promise<{ readonly token: string; readonly user: string }> {
  const body = (await response.json()) as { token?: unknown; user?: unknown }
  if (typeof body.token !== 'string' || typeof body.user !== 'string') throw new NoTokens('not a Skein node')
  return { token: body.token, user: body.user }
}
