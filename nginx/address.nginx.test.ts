import { describe, expect, it } from 'vitest'
import { addresses, handshake, range, reached, upstreams, WS } from './testing/clients.ts'
import { hasNginx, startNginx } from './testing/nginx.ts'
import { ask, exchange } from './testing/request.ts'

describe.skipIf(!hasNginx)('the client address', () => {
  const forged = {
    'X-Forwarded-For': '203.0.113.9',
    Forwarded: 'for=203.0.113.9',
    'X-Real-IP': '203.0.113.9',
    'X-Forwarded-Host': 'evil.example',
  }

  it('is the peer address, regardless of the headers of the client', async () => {
    const nginx = await startNginx({ nodes: addresses(await upstreams(1)) })
    for (const path of [WS, '/']) {
      const answer = await ask(nginx.url + path, {
        localAddress: '127.0.9.1',
        headers: forged,
        upgrade: path === WS,
      })
      answer.socket?.destroy()
      expect(answer.seen?.headers['x-forwarded-for']).toBe('127.0.9.1')
      expect(answer.seen?.headers).not.toHaveProperty('forwarded')
      expect(answer.seen?.headers).not.toHaveProperty('x-real-ip')
      expect(answer.seen?.headers).not.toHaveProperty('x-forwarded-host')
    }
  })

  it('is the last untrusted address of X-Forwarded-For behind trusted proxies, and decides the placement', async () => {
    const behind = { trusted: ['127.0.0.1', '10.0.0.0/8'] }
    const nginx = await startNginx({ nodes: addresses(await upstreams(3)), behind })
    const headers = { 'X-Forwarded-For': '198.51.100.1, 203.0.113.9, 10.1.2.3' }
    const through = await handshake(nginx.url + WS, { headers })
    expect(through.seen?.headers['x-forwarded-for']).toBe('203.0.113.9')
    const untrusted = await handshake(nginx.url + WS, { headers, localAddress: '127.0.9.1' })
    expect(untrusted.seen?.headers['x-forwarded-for']).toBe('127.0.9.1')
    const networks = range(40).map((n) => `203.0.${n}.9`)
    expect(new Set(await reached(nginx.url + WS, networks, 'X-Forwarded-For')).size).toBe(3)
  })

  it('comes from the PROXY protocol', async () => {
    const behind = { trusted: ['127.0.0.1'], by: 'PROXY protocol' } as const
    const nginx = await startNginx({ nodes: addresses(await upstreams(1)), behind })
    const request = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Forwarded-For: 203.0.113.1\r\n\r\n'
    const answer = await exchange(nginx.port, `PROXY TCP4 198.51.100.7 127.0.0.1 4000 80\r\n${request}`)
    expect(answer).toContain('"x-forwarded-for":"198.51.100.7"')
    expect(await exchange(nginx.port, request)).toBe('')
  })
})
