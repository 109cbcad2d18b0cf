/**
 * Runs the installed `nginx -t` on every combination of settings; test/containers runs the one of the image.
 */
import { describe, it } from 'vitest'
import type { NginxOptions, Policy, ProxiesInFront } from './options.ts'
import { renderNginx } from './render.ts'
import { certificate, check, hasNginx, hasOpenssl, scratch } from './testing/nginx.ts'

const policies: readonly Policy[] = [
  'ip-hash',
  'least-conn',
  { hash: '$skein_user' },
  { hash: '$remote_addr' },
]
const fronts: readonly (ProxiesInFront | undefined)[] = [
  undefined,
  { trusted: ['10.0.0.0/8', '2001:db8::/32'] },
  { trusted: ['127.0.0.1'], by: 'PROXY protocol' },
]
const combinations = policies.flatMap((policy) =>
  fronts.flatMap((behind) => [false, true].map((tls) => ({ policy, behind, tls }))),
)

describe.skipIf(!hasNginx || !hasOpenssl)('nginx -t', () => {
  it.each(combinations)('accepts %j', ({ policy, behind, tls }) => {
    const dir = scratch()
    const options: NginxOptions = {
      dir,
      listen: '127.0.0.1:8000',
      nodes: ['127.0.0.1:8081', '127.0.0.1:8082'],
      policy,
      workers: 'auto',
      ...(behind === undefined ? {} : { behind }),
      ...(tls ? { tls: { ...certificate(dir), listen: '127.0.0.1:8443', port: 8443 } } : {}),
    }
    check(renderNginx(options), dir)
  })

  it('accepts the access log "off"', () => {
    const dir = scratch()
    const options = { dir, listen: '127.0.0.1:8000', nodes: ['127.0.0.1:8081'], accessLog: 'off' }
    check(renderNginx(options), dir)
  })
})
