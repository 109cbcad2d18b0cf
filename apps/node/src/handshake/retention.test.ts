import { once } from 'node:events'
import { IncomingMessage, ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { queryObjects } from 'node:v8'
import { expect, it } from 'vitest'
import { buildTestApp } from '../testing/app.ts'
import { SOCKET_PATH } from './route.ts'

const CONNECTIONS = 1000
const AT_ONCE = 50
/** Objects that Node or the test runner keeps, however many connections are open. */
const CONSTANT = 10

const REQUEST = [
  `GET ${SOCKET_PATH} HTTP/1.1`,
  'Host: test',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  '\r\n',
].join('\r\n')

/** A WebSocket connection without a client library, which would keep responses of its own. */
async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.write(REQUEST)
  const [answer] = await once(socket, 'data')
  expect(String(answer)).toMatch(/^HTTP\/1\.1 101 /)
  return socket
}

// A count collects garbage and walks the heap, which takes seconds on a busy machine.
it('an open connection keeps no request, reply or response', { timeout: 120_000 }, async () => {
  const { app, parts } = await buildTestApp()
  const classes = new Set<new () => object>([IncomingMessage as never, ServerResponse as never])
  app.addHook('onRequest', (request, reply, done) => {
    classes.add(request.constructor as new () => object)
    classes.add(reply.constructor as new () => object)
    done()
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const sockets = [await open(port)]
  expect(classes.size).toBe(4)
  const count = (): number[] => [...classes].map((kind) => queryObjects(kind, { format: 'count' }))
  const before = count()
  while (sockets.length < CONNECTIONS)
    sockets.push(...(await Promise.all(Array.from({ length: AT_ONCE }, () => open(port)))))
  expect(parts.node.stats().clients).toBeGreaterThanOrEqual(CONNECTIONS)
  for (const [at, after] of count().entries())
    expect(after - (before[at] ?? 0), [...classes][at]?.name).toBeLessThan(CONSTANT)
  for (const socket of sockets) socket.destroy()
})
