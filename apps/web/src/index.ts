/** What `apps/node` serves at `/`: the built chat app. */
import { dist } from './build.ts'

export { ensureBuilt } from './build.ts'
export { userIdOf } from './user-id.ts'

/**
 * Absolute folder of the built app: `index.html` and what it loads. Call `ensureBuilt` before it is served.
 */
export const webRoot = dist

/**
 * The `Content-Security-Policy` under which the app works: its own files, its own endpoint, nothing inline.
 * Text becomes markup nowhere, so Trusted Types can be required too. `'self'` covers WebSockets of the same
 * origin (CSP 3, 6.7.2.8).
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ')
