import { connect as connectTls } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { addresses, handshake, upstreams, WS } from './testing/clients.ts'
import { hasNginx, hasOpenssl, startNginx } from './testing/nginx.ts'
import { ask } from './testing/request.ts'

describe.skipIf(!hasNginx || !hasOpenssl)('TLS', () => {
  const trustAll = { rejectUnauthorized: false }

  it('serves TLS 1.2 and 1.3 with HSTS, and redirects plain HTTP', async () => {
    const nginx = await startNginx({ nodes: addresses(await upstreams(1)), tls: true })
    const page = await ask(`${nginx.tlsUrl}/`, trustAll)
    expect(page.headers['strict-transport-security']).toBe('max-age=63072000')
    expect(page.seen?.headers['x-forwarded-proto']).toBe('https')
    expect((await handshake(nginx.tlsUrl + WS, trustAll)).status).toBe(101)
    const plain = await ask(`${nginx.url}/demo.js?a=1`)
    expect(plain.status).toBe(308)
    expect(plain.headers.location).toBe(`${nginx.tlsUrl}/demo.js?a=1`)
  })

  it.each([
    ['TLSv1.1', undefined],
    ['TLSv1.2', 'TLSv1.2'],
    ['TLSv1.3', 'TLSv1.3'],
  ] as const)('with a client of version %s negotiates %s', async (version, expected) => {
    const nginx = await startNginx({ nodes: addresses(await upstreams(1)), tls: true })
    const negotiated = await new Promise((resolve) => {
      const { port, hostname } = new URL(nginx.tlsUrl)
      // SECLEVEL 0 makes nginx reject the old version, not the OpenSSL of this machine.
      const options = { minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0', ...trustAll }
      const socket = connectTls(Number(port), hostname, options, () => {
        resolve(socket.getProtocol())
        socket.destroy()
      })
      socket.on('error', () => resolve(undefined))
    })
    expect(negotiated).toBe(expected)
  })
})
