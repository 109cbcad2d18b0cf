/**
 * Web pages that may connect. Browsers send Origin with every WebSocket handshake, and apply no same-origin
 * policy.
 */

/**
 * `allowed`: exact origins, `https://*.example.com` for subdomains, `*` for all, empty for pages of the same
 * host. `host`: of the request.
 */
export function originAllowed(
  origin: string | undefined,
  host: string | undefined,
  allowed: readonly string[],
): boolean {
  // The client is no browser. It could send any Origin, so a check would protect nothing.
  if (origin === undefined) return true
  if (allowed.includes('*') || allowed.includes(origin)) return true
  if (allowed.some((entry) => ofSubdomain(origin, entry))) return true
  return allowed.length === 0 && host !== undefined && sameHost(origin, host)
}

/** `entry`: `https://*.example.com`. The domain itself does not match, and scheme and port do. */
function ofSubdomain(origin: string, entry: string): boolean {
  const [scheme = '', suffix] = entry.split('*')
  if (suffix === undefined || suffix === '') return false
  const fits = origin.startsWith(scheme) && origin.endsWith(suffix)
  return fits && /^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/.test(origin.slice(scheme.length, -suffix.length))
}

/** Ignores the scheme, as TLS may end at a proxy. A default port may be present or absent. */
function sameHost(origin: string, host: string): boolean {
  if (!URL.canParse(origin)) return false
  const { protocol, host: page } = new URL(origin)
  const asked = `${protocol}//${host}`
  return URL.canParse(asked) && new URL(asked).host === page
}
