import { once } from 'node:events'
import type { Socket as NetSocket } from 'node:net'
import type { ConnectionHandle, Frame } from '@skein/core'
import { CLOSE } from '@skein/protocol'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { ClientSocket, ClientWebSocket } from './client-socket.ts'
import { frameBytes } from './frame-bytes.ts'

/** What core is told, in order. */
class Recorder implements ConnectionHandle {
  readonly told: string[] = []
  onDrainCalled: () => void = () => undefined
  onClosedCalled: () => void = () => undefined

  onMessage(bytes: Uint8Array, isBinary: boolean): void {
    this.told.push(`message ${Buffer.from(bytes).toString()} ${isBinary}`)
  }
  onDrain(): void {
    this.told.push('drain')
    this.onDrainCalled()
  }
  onPong(): void {
    this.told.push('pong')
  }
  onClosed(code: number, reason: string): void {
    this.told.push(`closed ${code} ${reason}`)
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

/** A ClientSocket with a real WebSocket at the other end. */
async function pair(closeTimeout = 3000): Promise<Pair> {
  const options = { host: '127.0.0.1', port: 0, WebSocket: ClientWebSocket, closeTimeout }
  const server = new WebSocketServer(options)
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const address = server.address()
  const client = new WebSocket(`ws://127.0.0.1:${typeof address === 'string' ? '' : address?.port}`)
  onTestFinished(() => client.terminate())
  const [ws, request] = await once(server, 'connection')
  const socket = new ClientSocket(ws, request.socket, () => undefined)
  const handle = new Recorder()
  const closed = new Promise<void>((resolve) => {
    handle.onClosedCalled = resolve
  })
  socket.attach(handle)
  await once(client, 'open')
  return { socket, net: request.socket, handle, client, closed }
}

const frame = (text: string): Frame => ({ encoding: 'json', payload: Buffer.from(text) })

describe('ClientSocket', () => {
  it('takes what comes without asking its stream, also after a pause', async () => {
    const { socket, net, handle, client } = await pair()
    const heard = async (count: number) => await vi.waitFor(() => expect(handle.told.length).toBe(count))
    const read = vi.spyOn(net, 'read')
    for (let at = 1; at <= 5; at++) {
      client.send(`${at}`)
      await heard(at)
    }
    expect(read).not.toHaveBeenCalled()
    socket.pause()
    const large = 'x'.repeat(50_000)
    for (let at = 0; at < 100; at++) client.send(large)
    expect(client.bufferedAmount).toBeGreaterThan(0)
    // Full: the stream has told the socket to stop.
    await vi.waitFor(() => expect(net.readableLength).toBeGreaterThanOrEqual(net.readableHighWaterMark))
    expect(handle.told.length).toBe(5)
    socket.resume()
    await heard(105)
    read.mockClear()
    client.send('after')
    await heard(106)
    expect(read).not.toHaveBeenCalled()
  })

  it('sends the same bytes to many, and takes what comes', async () => {
    const [a, b] = await Promise.all([pair(), pair()])
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
    expect(a.handle.told).toEqual(['message {"id":1} false', 'closed 1000 bye'])
  })

  it('says when the kernel has taken what waited, and stays below nothing', async () => {
    const { socket, handle, client } = await pair()
    client.pause()
    const big = frame('x'.repeat(60_000))
    while (socket.bufferedAmount === 0) socket.send(big)
    const drained = new Promise<void>((resolve) => {
      handle.onDrainCalled = resolve
    })
    client.resume()
    await drained
    expect(socket.bufferedAmount).toBe(0)
    expect(handle.told).toEqual(['drain'])
  })

  it('keeps its order with the close frame, so what was sent before still arrives', async () => {
    const { socket, client, closed } = await pair()
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

  it('keeps its order with pongs, also where the kernel does not take all', async () => {
    const { socket, client } = await pair()
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
    // Arrives while the kernel is full: ws answers it by the stream.
    const answering = vi.spyOn(socket, 'streamed')
    client.ping()
    await vi.waitUntil(() => answering.mock.calls.length > 0)
    socket.send(frame('two'))
    client.resume()
    socket.send(frame('end'))
    await last
    expect(received).toEqual(['one', ...Array(sent).fill('xxx'), 'pong', 'two', 'end'])
  })

  it('ends a client that does not answer the close frame, once', async () => {
    const { socket, handle, client, closed } = await pair(50)
    client.pause()
    socket.close(CLOSE.slow)
    await closed
    expect(handle.told).toEqual(['closed 1006 '])
  })

  it('tells core once when the client is gone without a word', async () => {
    const { socket, handle, client, closed } = await pair()
    client.terminate()
    await closed
    socket.close(CLOSE.shutdown)
    socket.send(frame('nobody there'))
    expect(handle.told).toEqual(['closed 1006 '])
  })

  it('stops reading and goes on', async () => {
    const { socket, net, handle, client, closed } = await pair()
    socket.pause()
    client.send('1')
    client.close(1000)
    expect(net.isPaused()).toBe(true)
    socket.resume()
    await closed
    expect(handle.told).toEqual(['message 1 false', 'closed 1000 '])
  })

  it('hears pongs when asked to', async () => {
    const { socket, handle, client, closed } = await pair()
    socket.listenForPongs()
    socket.ping()
    await once(client, 'ping')
    client.close(1000)
    await closed
    expect(handle.told).toContain('pong')
  })
})
