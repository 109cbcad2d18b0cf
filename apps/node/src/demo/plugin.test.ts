import { describe, expect, it } from 'vitest'
import { openSocket, startTestNode } from '../testing/node.ts'

const DEMO = { env: { SKEIN_DEMO: 'true' } }

function askToken(url: string | undefined, body: string): Promise<Response> {
  return fetch(`${url}/demo/token`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
}

describe('the demo', () => {
  it('serves the chat app under a strict policy', async () => {
    const { publicUrl } = await startTestNode(DEMO)
    const page = await (await fetch(`${publicUrl}/`)).text()
    const [script = ''] = /\/assets\/[^"]+\.js/.exec(page) ?? []
    for (const [path, type, cache] of [
      ['/', 'text/html', 'no-cache'],
      ['/favicon.svg', 'image/svg', 'no-cache'],
      [script, 'javascript', 'public, max-age=31536000, immutable'],
    ] as const) {
      const response = await fetch(publicUrl + path)
      await response.arrayBuffer()
      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toContain(type)
      expect(response.headers.get('cache-control')).toBe(cache)
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    }
    expect((await fetch(`${publicUrl}/../package.json`)).status).toBe(404)
  })

  it.each([
    ['br, gzip', 'br'],
    ['gzip', 'gzip'],
    ['identity', null],
  ])('serves the page and its script to a browser with %s as %s', async (accepted, encoding) => {
    const { publicUrl } = await startTestNode(DEMO)
    const ask = (path: string) => fetch(publicUrl + path, { headers: { 'accept-encoding': accepted } })
    const page = await ask('/')
    const [script = ''] = /\/assets\/[^"]+\.js/.exec(await page.text()) ?? []
    const code = await ask(script)
    expect(await code.text()).toContain('import')
    for (const { headers } of [page, code]) {
      expect(headers.get('content-encoding')).toBe(encoding)
      expect(headers.get('vary')).toMatch(/accept-encoding/i)
    }
    expect(code.headers.get('content-type')).toContain('javascript')
    expect(code.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  })

  it('signs a token that connects', async () => {
    const node = await startTestNode(DEMO)
    const response = await askToken(node.publicUrl, JSON.stringify({ name: ' Anna \u00e9 ' }))
    const { token, user } = (await response.json()) as { token: string; user: string }
    expect(user).toBe('anna-é')
    const client = await openSocket(node.wsUrl)
    client.send({ id: 1, connect: { token } }, { id: 2, subscribe: { channel: 'room:a' } })
    expect(await client.next()).toMatchObject({ id: 1, connect: {} })
    await client.next()
    const presence = JSON.stringify(await node.api('presence', { channel: 'room:a' }))
    expect(presence).toContain('"user":"anna-é"')
  })

  it('signs a token for the same user under a new name', async () => {
    const { publicUrl } = await startTestNode(DEMO)
    const response = await askToken(publicUrl, JSON.stringify({ name: 'Ann', user: 'anna' }))
    expect(await response.json()).toMatchObject({ user: 'anna' })
  })

  it.each([
    '{}',
    '{"name":""}',
    '{"name":"   "}',
    '{"name":5}',
    `{"name":"${'x'.repeat(33)}"}`,
    '{"name":"a\\u0000"}',
    '{',
    '[]',
    'null',
  ])('rejects %s', async (body) => {
    const { publicUrl } = await startTestNode(DEMO)
    expect((await askToken(publicUrl, body)).status).toBe(400)
  })

  it('is not served unless it is enabled', async () => {
    const { publicUrl } = await startTestNode()
    expect((await fetch(`${publicUrl}/`)).status).toBe(404)
    expect((await askToken(publicUrl, '{"name":"anna"}')).status).toBe(404)
  })
})
