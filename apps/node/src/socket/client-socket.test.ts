import { once } from 'node:events'
import type { Socket as NetSocket } from 'node:net'
import type { ConnectionHandle, Frame } from '@skein/core'
import { CLOSE } from '@skein/protocol'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { ClientSocket, ClientWebSocket } from './client-socket.ts'
import { frameBytes } from './frame-bytes.ts'
import { DirectWriter } from './internals/direct-write.ts'

/** Records the calls to core, in order. */
class Recorder implements ConnectionHandle {
  readonly calls: string[] = []
  onDrainCalled: () => void = () => undefined
  onClosedCalled: () => void = () => undefined

  onMessage(bytes: Uint8Array, isBinary: boolean): void {
    this.calls.push(`message ${Buffer.from(bytes).toString()} ${isBinary}`)
  }
  onDrain(): void {
    this.calls.push('drain')
    this.onDrainCalled()
  }
  onPong(): void {
    this.calls.push('pong')
  }
  onClosed(code: number, reason: string): void {
    this.calls.push(`closed ${code} ${reason}`)
    this.onClosedCalled()
  }
}

interface Pair {
  readonly socket: ClientSocket
  readonly net: NetSocket
  readonly handle: Recorder
  readonly client: WebSocket
  readonly closed: Promise<void>
}

/** A ClientSocket and a client with a real connection. */
async function pair(writer: DirectWriter | undefined, closeTimeout = 3000): Promise<Pair> {
  const options = { host: '127.0.0.1', port: 0, WebSocket: ClientWebSocket, closeTimeout }
  const server = new WebSocketServer(options)
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const address = server.address()
  const client = new WebSocket(`ws://127.0.0.1:${typeof address === 'string' ? '' : address?.port}`)
  onTestFinished(() => client.terminate())
  const [ws, request] = await once(server, 'connection')
  const socket = new ClientSocket(ws, request.socket, () => undefined, frameBytes, writer)
  const handle = new Recorder()
  const closed = new Promise<void>((resolve) => {
    handle.onClosedCalled = resolve
  })
  socket.attach(handle)
  await once(client, 'open')
  return { socket, net: request.socket, handle, client, closed }
}

const frame = (text: string): Frame => ({ encoding: 'json', payload: Buffer.from(text) })

describe.each([
  ['with direct writes', new DirectWriter()],
  ['without direct writes', undefined],
])('ClientSocket %s', (_, writer) => {
  it('receives no message while paused, and all of them after it resumes', async () => {
    const { socket, net, handle, client } = await pair(writer)
    const received = async (count: number) => await vi.waitFor(() => expect(handle.calls.length).toBe(count))
    for (let at = 1; at <= 5; at++) {
      client.send(`${at}`)
      await received(at)
    }
    socket.pause()
    const large = 'x'.repeat(50_000)
    for (let at = 0; at < 100; at++) client.send(large)
    expect(client.bufferedAmount).toBeGreaterThan(0)
    // Full: the stream has stopped the TCP socket.
    await vi.waitFor(() => expect(net.readableLength).toBeGreaterThanOrEqual(net.readableHighWaterMark))
    expect(handle.calls.length).toBe(5)
    socket.resume()
    await received(105)
    client.send('after')
    await received(106)
  })

  it('sends the same bytes to several receivers, and receives messages', async () => {
    const [a, b] = await Promise.all([pair(writer), pair(writer)])
    const shared: Frame = { ...frame('{"push":1}'), shared: true }
    const arrived = Promise.all([once(a.client, 'message'), once(b.client, 'message')])
    a.socket.send(shared)
    const bytes = frameBytes(shared)
    b.socket.send(shared)
    expect(frameBytes(shared)).toBe(bytes)
    for (const [data, isBinary] of await arrived)
      expect([String(data), isBinary]).toEqual(['{"push":1}', false])
    a.client.send('{"id":1}')
    a.client.close(1000, 'bye')
    await a.closed
    expect(a.handle.calls).toEqual(['message {"id":1} false', 'closed 1000 bye'])
  })

  it('reports a drain when the kernel has taken all bytes', async () => {
    const { socket, handle, client } = await pair(writer)
    client.pause()
    const big = frame('x'.repeat(60_000))
    while (socket.bufferedAmount === 0) socket.send(big)
    const drained = new Promise<void>((resolve) => {
      handle.onDrainCalled = resolve
    })
    client.resume()
    await drained
    expect(socket.bufferedAmount).toBe(0)
    expect(handle.calls).toEqual(['drain'])
  })

  it('keeps the order of frames and the close frame', async () => {
    const { socket, client, closed } = await pair(writer)
    const received: string[] = []
    client.on('message', (data) => received.push(String(data)))
    const ended = once(client, 'close')
    for (let i = 0; i < 100; i++) socket.send(frame(String(i)))
    socket.close(CLOSE.shutdown)
    socket.send(frame('too late'))
    const [code, reason] = await ended
    expect([code, String(reason)]).toEqual([3001, 'shutdown'])
    expect(received).toEqual(Array.from({ length: 100 }, (_, i) => String(i)))
    await closed
  })

  it('keeps the order of frames and pongs after a partial write', async () => {
    const { socket, client } = await pair(writer)
    const received: string[] = []
    const last = new Promise<void>((resolve) => {
      client.on('message', (data) => {
        received.push(String(data).slice(0, 3))
        if (String(data) === 'end') resolve()
      })
    })
    client.on('pong', () => received.push('pong'))
    socket.send(frame('one'))
    client.pause()
    const big = frame('x'.repeat(60_000))
    let sent = 0
    for (; socket.bufferedAmount === 0; sent++) socket.send(big)
    // Arrives while the kernel's buffer is full.
    const answering = vi.spyOn(ClientWebSocket.prototype, 'pong')
    client.ping()
    await vi.waitUntil(() => answering.mock.calls.length > 0)
    answering.mockRestore()
    socket.send(frame('two'))
    client.resume()
    socket.send(frame('end'))
    await last
    expect(received).toEqual(['one', ...Array(sent).fill('xxx'), 'pong', 'two', 'end'])
  })

  it('ends a client that does not answer the close frame, and reports it once', async () => {
    const { socket, handle, client, closed } = await pair(writer, 50)
    client.pause()
    socket.close(CLOSE.slow)
    await closed
    expect(handle.calls).toEqual(['closed 1006 '])
  })

  it('reports a client that ends without a close frame once', async () => {
    const { socket, handle, client, closed } = await pair(writer)
    client.terminate()
    await closed
    socket.close(CLOSE.shutdown)
    socket.send(frame('no receiver'))
    expect(handle.calls).toEqual(['closed 1006 '])
  })

  it('pauses and resumes reading', async () => {
    const { socket, net, handle, client, closed } = await pair(writer)
    socket.pause()
    client.send('1')
    client.close(1000)
    expect(net.isPaused()).toBe(true)
    socket.resume()
    await closed
    expect(handle.calls).toEqual(['message 1 false', 'closed 1000 '])
  })

  it('reports pongs if enabled', async () => {
    const { socket, handle, client, closed } = await pair(writer)
    socket.listenForPongs()
    socket.ping()
    await once(client, 'ping')
    client.close(1000)
    await closed
    expect(handle.calls).toContain('pong')
  })
})
