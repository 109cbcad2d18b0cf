import { describe, expect, it } from 'vitest'
import { addresses, handshake, upstreams, WS } from './testing/clients.ts'
import { hasNginx, startNginx } from './testing/nginx.ts'
import { ask } from './testing/request.ts'

describe.skipIf(!hasNginx)('routes', () => {
  it('serve only the WebSocket and the demo page', async () => {
    const [node] = await upstreams(1)
    const nginx = await startNginx({ nodes: [node?.address ?? ''] })
    for (const path of ['/', '/demo.js', '/demo/names.js', '/assets/a.css', '/vendor/centrifuge.js', WS]) {
      expect((await ask(nginx.url + path)).status, path).toBe(200)
    }
    const before = node?.requests()
    const hidden = ['/api/publish', '/metrics', '/docs', '/console', '/livez', '/readyz', '/x']
    const tricks = [
      '/connection/../api/info',
      '/connection/..%2fapi/info',
      '/demo/%2e%2e/metrics',
      '//api/info',
    ]
    for (const path of [...hidden, ...tricks]) {
      const url = new URL(nginx.url)
      const answer = await ask(nginx.url, { hostname: url.hostname, port: url.port, path })
      expect(answer.status, path).toBe(404)
    }
    expect(node?.requests()).toBe(before)
  })

  it('upgrade /connection/ only', async () => {
    const nginx = await startNginx({ nodes: addresses(await upstreams(1)) })
    expect((await handshake(nginx.url + WS)).status).toBe(101)
    const page = await handshake(`${nginx.url}/`)
    expect(page.status).toBe(200)
    expect(page.seen?.headers).not.toHaveProperty('upgrade')
  })

  it('drop the body of a handshake', async () => {
    const nginx = await startNginx({ nodes: addresses(await upstreams(1)) })
    const answer = await handshake(nginx.url + WS, { body: 'frames?', headers: { 'Content-Length': '7' } })
    expect(answer.status).toBe(101)
    expect(answer.seen?.headers).not.toHaveProperty('content-length')
    const { socket } = answer
    const echoed = new Promise((resolve) =>
      socket?.once('data', (bytes: Buffer) => resolve(bytes.toString())),
    )
    socket?.write('first frame')
    expect(await echoed).toBe('first frame')
  })

  it('keep a well-formed request id and replace any other', async () => {
    const nginx = await startNginx({ nodes: addresses(await upstreams(1)) })
    const idOf = async (id: string): Promise<string | undefined> => {
      const answer = await ask(`${nginx.url}/`, { headers: { 'X-Request-Id': id } })
      return answer.seen?.headers['x-request-id']
    }
    expect(await idOf('4f1c-22_a.B9')).toBe('4f1c-22_a.B9')
    expect(await idOf('"}{ injected')).toMatch(/^[0-9a-f]{32}$/)
    expect(await idOf('x'.repeat(65))).toMatch(/^[0-9a-f]{32}$/)
  })
})
