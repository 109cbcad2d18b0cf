/**
 * Web pages that may connect. Browsers send Origin with every WebSocket handshake, and apply no same-origin
 * policy.
 */

/** `allowed`: exact origins, `*` for all, empty for pages of the same host. `host`: of the request. */
export function originAllowed(
  origin: string | undefined,
  host: string | undefined,
  allowed: readonly string[],
): boolean {
  // The client is no browser. It could send any Origin, so a check would protect nothing.
  if (origin === undefined) return true
  if (allowed.includes('*') || allowed.includes(origin)) return true
  return allowed.length === 0 && host !== undefined && sameHost(origin, host)
}

/** Ignores the scheme, as TLS may end at a proxy. A default port may be present or absent. */
function sameHost(origin: string, host: string): boolean {
  if (!URL.canParse(origin)) return false
  const { protocol, host: page } = new URL(origin)
  const asked = `${protocol}//${host}`
  return URL.canParse(asked) && new URL(asked).host === page
}
