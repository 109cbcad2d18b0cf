/** No secret reaches the log, at any level, on any path. */
import { describe, expect, it } from 'vitest'
import { openSocket, startTestNode } from '../testing/node.ts'
import { createLogger, pathOf } from './logger.ts'

const KEY = 'canary-api-key-0123456789'

describe('the log at level trace', () => {
  it('contains neither tokens nor keys, valid or invalid', async () => {
    const lines: string[] = []
    const node = await startTestNode({
      env: {
        SKEIN_API_KEY: KEY,
        SKEIN_LOG_LEVEL: 'trace',
        SKEIN_DEMO: 'true',
        SKEIN_TOKEN_HMAC_SECRET: 'canary-secret',
      },
      onLog: (line) => lines.push(line),
    })
    const good = node.token()
    const bad = `${good}canary`
    const ignore = (): undefined => undefined
    await openSocket(`${node.wsUrl}?token=${good}`)
    await openSocket(node.wsUrl, { headers: { authorization: `Bearer ${good}` } })
    await openSocket(`${node.wsUrl}?token=${bad}`).catch(ignore)
    await openSocket(node.wsUrl, { headers: { authorization: `Bearer ${bad}` } }).catch(ignore)
    await openSocket(`${node.wsUrl}x?token=${good}`).catch(ignore)
    for (const token of [good, bad]) {
      const client = await openSocket(node.wsUrl)
      client.send({ id: 1, connect: { token } })
      await client.next()
    }
    await fetch(`${node.publicUrl}/?token=${good}`)
    await fetch(`${node.publicUrl}/nowhere?token=${good}`)
    await fetch(`${node.publicUrl}/demo/token?x=${good}`, {
      method: 'POST',
      body: '{',
      headers: { 'content-type': 'application/json' },
    })
    await node.api('publish', { channel: 'room:a', data: 1 })
    await node.api('publish', `{"broken`)
    await fetch(`${node.internalUrl}/api/info?key=${KEY}`, {
      method: 'POST',
      headers: { 'x-api-key': `${KEY}x` },
    })
    await fetch(`${node.internalUrl}/api/info`, {
      method: 'POST',
      headers: { authorization: `apikey ${KEY}` },
    })
    await node.stop()

    const log = lines.join('')
    expect(log).toContain('"msg":"connection opened"')
    expect(log).toContain('"msg":"connection closed"')
    expect(log).not.toContain('canary')
    const [, payload = '', signature = ''] = good.split('.')
    expect(log).not.toContain(payload)
    expect(log).not.toContain(signature)
  })

  it('contains the ids of connection, request, trace and node', async () => {
    const lines: string[] = []
    const node = await startTestNode({ onLog: (line) => lines.push(line) })
    const headers = {
      'x-request-id': 'request-1',
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    }
    await openSocket(node.wsUrl, { headers })
    const opened = lines.map((line) => JSON.parse(line)).find(({ msg }) => msg === 'connection opened')
    expect(opened).toMatchObject({
      node: 'test',
      connection: expect.any(String),
      request: 'request-1',
      trace: '4bf92f3577b34da6a3ce929d0e0e4736',
      address: '127.0.0.1',
    })
  })
})

describe('the serializers', () => {
  it('select safe fields only', () => {
    const lines: string[] = []
    const log = createLogger({ level: 'info', node: 'n' }, { write: (line) => lines.push(line) })
    const headers = { authorization: 's3cr3t', 'x-api-key': 's3cr3t' }
    log.info({ req: { id: 'r', method: 'GET', url: '/a?token=s3cr3t', ip: '::1', headers } }, 'request')
    log.error(
      { err: Object.assign(new Error('failed'), { command: { name: 'auth', args: ['s3cr3t'] }, code: 'E' }) },
      'error',
    )
    expect(lines.join('')).not.toContain('s3cr3t')
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      req: { id: 'r', method: 'GET', path: '/a', address: '::1' },
    })
    expect(JSON.parse(lines[1] ?? '')).toMatchObject({ err: { type: 'Error', message: 'failed', code: 'E' } })
    expect(pathOf('/a')).toBe('/a')
  })
})
