/** The built chat app that `apps/node` serves at `/`. */
import { dist } from './build.ts'

export { ensureBuilt } from './build.ts'
export { userIdOf } from './user-id.ts'

/** Absolute folder of the built app: `index.html` and its files. Call `ensureBuilt` before serving it. */
export const webRoot = dist

/**
 * The app's `Content-Security-Policy`: its own files and endpoint, nothing inline. No text becomes markup, so
 * Trusted Types are required too. `'self'` covers WebSockets of the same origin (CSP 3, 6.7.2.8).
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
