/** What `apps/node` serves at `/`: files as they are, nothing is built. */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Absolute folder of the demo page: `index.html` and what it loads. */
export const webRoot = fileURLToPath(new URL('../public/', import.meta.url))

/** The package's `exports` do not name its browser bundle, so it is found beside its main file (`build/index.js`). */
const centrifuge = join(dirname(createRequire(import.meta.url).resolve('centrifuge')), '..', 'dist')

/** Files of other packages that the page loads: URL path to absolute file path. */
export const vendorFiles: Readonly<Record<string, string>> = {
  '/vendor/centrifuge.js': join(centrifuge, 'centrifuge.js'),
}

/**
 * The `Content-Security-Policy` under which the page works: its own files, its own endpoint, nothing inline. Text becomes
 * markup nowhere, so Trusted Types can be required too. `'self'` covers WebSockets of the same origin (CSP 3, 6.7.2.8).
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
