/** Which web pages may connect: browsers send Origin on every WebSocket handshake, and no same-origin rule protects it. */

/** `allowed`: exact origins, `*` for all, empty for pages of the same host. `host` is what the client asked for. */
export function originAllowed(
  origin: string | undefined,
  host: string | undefined,
  allowed: readonly string[],
): boolean {
  // Not a browser: such clients could send any Origin, so its absence proves nothing and costs nothing.
  if (origin === undefined) return true
  if (allowed.includes('*') || allowed.includes(origin)) return true
  return allowed.length === 0 && host !== undefined && sameHost(origin, host)
}

/** The scheme is not compared: TLS may end at a proxy. A default port may be written or not. */
function sameHost(origin: string, host: string): boolean {
  if (!URL.canParse(origin)) return false
  const { protocol, host: page } = new URL(origin)
  const asked = `${protocol}//${host}`
  return URL.canParse(asked) && new URL(asked).host === page
}
