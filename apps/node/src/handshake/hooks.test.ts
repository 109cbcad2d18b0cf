import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import type { WebSocket } from 'ws'
import { buildTestApp } from '../testing/app.ts'
import { SOCKET_PATH } from './route.ts'

/** The first reply on a connection without a TCP socket. */
async function connect(ws: WebSocket, token: string | undefined): Promise<unknown> {
  ws.send(JSON.stringify({ id: 1, connect: token === undefined ? {} : { token } }))
  const [data] = await once(ws, 'message')
  return JSON.parse(String(data))
}

describe('injectWS', () => {
  it('opens a connection that replies to connect', async () => {
    const { app, token } = await buildTestApp()
    await app.ready()
    const ws = await app.injectWS(SOCKET_PATH)
    expect(await connect(ws, token)).toMatchObject({ id: 1, connect: { ping: 25 } })
    ws.terminate()
  })

  it('authenticates by the token of the handshake', async () => {
    const { app, token } = await buildTestApp()
    await app.ready()
    const inQuery = await app.injectWS(`${SOCKET_PATH}?token=${token}`)
    expect(await connect(inQuery, undefined)).toMatchObject({ id: 1, connect: {} })
    const headers = { authorization: `Bearer ${token}` }
    const inHeader = await app.injectWS(SOCKET_PATH, { headers })
    expect(await connect(inHeader, undefined)).toMatchObject({ id: 1, connect: {} })
    inQuery.terminate()
    inHeader.terminate()
  })

  it.each([
    ['an invalid token', `${SOCKET_PATH}?token=x`, {}, 401],
    ['a repeated token', `${SOCKET_PATH}?token=a&token=b`, {}, 401],
    ['a foreign origin', SOCKET_PATH, { origin: 'https://evil.example' }, 403],
    ['a body', SOCKET_PATH, { 'content-length': '3' }, 400],
    ['another route', '/elsewhere', {}, 404],
  ])('rejects %s', async (_, path, headers, status) => {
    const { app } = await buildTestApp()
    await app.ready()
    await expect(app.injectWS(path, { headers })).rejects.toThrow(`Unexpected server response: ${status}`)
  })

  it('rejects every handshake of a draining node', async () => {
    const { app, parts } = await buildTestApp()
    await app.ready()
    await parts.node.drain(0)
    await expect(app.injectWS(SOCKET_PATH)).rejects.toThrow('Unexpected server response: 503')
  })
})
