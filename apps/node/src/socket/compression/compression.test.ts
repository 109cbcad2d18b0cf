/** Compression on a real node, decoded by ws, an independent implementation. */
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { type ClientOptions, WebSocket } from 'ws'
import { openSocket, startTestNode, type TestClient, type TestNode } from '../../testing/node.ts'

const SHARED = { SKEIN_COMPRESSION: 'shared' }
const OFFERING: ClientOptions = { perMessageDeflate: { threshold: 0 } }
const NOT_OFFERING: ClientOptions = { perMessageDeflate: false }

const text = (bytes: number) => 'words that come again and again, as they do; '.repeat(bytes / 40)

async function connected(node: TestNode, options: ClientOptions): Promise<TestClient> {
  const client = await openSocket(node.wsUrl, options)
  client.send({ id: 1, connect: { token: node.token() } })
  await client.next()
  return client
}

async function subscribed(node: TestNode, options: ClientOptions, channel = 'feed:a'): Promise<TestClient> {
  const client = await connected(node, options)
  client.send({ id: 2, subscribe: { channel } })
  await client.next()
  return client
}

async function metric(node: TestNode, name: string): Promise<number> {
  const page = await (await fetch(`${node.internalUrl}/metrics`)).text()
  return Number(
    page
      .split('\n')
      .find((line) => line.startsWith(`${name} `))
      ?.split(' ')[1] ?? 0,
  )
}

/** Bytes received on the connection. */
const bytesRead = ({ ws }: TestClient) =>
  (ws as unknown as { _socket: { bytesRead: number } })._socket.bytesRead

const pushed = (data: unknown) => ({ push: { channel: 'feed:a', pub: { data } } })

describe('the negotiation', () => {
  const AGREED = 'permessage-deflate; server_no_context_takeover; client_no_context_takeover'
  it.each([
    ['off', 'permessage-deflate; client_max_window_bits', undefined],
    ['shared', 'permessage-deflate; client_max_window_bits', AGREED],
    ['shared', 'permessage-deflate', AGREED],
    ['shared', 'permessage-deflate; server_max_window_bits=10', undefined],
    ['shared', 'permessage-deflate; server_max_window_bits=10, permessage-deflate', AGREED],
    ['shared', 'x-webkit-deflate-frame', undefined],
    ['shared', undefined, undefined],
  ])('%s, offered %s: %s', async (setting, offered, agreed) => {
    const node = await startTestNode({ env: { SKEIN_COMPRESSION: setting } })
    const headers = offered === undefined ? {} : { 'Sec-WebSocket-Extensions': offered }
    const ws = new WebSocket(node.wsUrl, { perMessageDeflate: false, headers })
    ws.on('error', () => undefined) // it did not expect an extension
    const [response] = await once(ws, 'upgrade')
    expect(response.headers['sec-websocket-extensions']).toBe(agreed)
    ws.terminate()
  })
})

describe('a publication', () => {
  it('is compressed once for all its receivers; others receive it uncompressed', async () => {
    const node = await startTestNode({ env: SHARED })
    const offering = [await subscribed(node, OFFERING), await subscribed(node, OFFERING)]
    const plain = await subscribed(node, NOT_OFFERING)
    const all = [...offering, plain]
    const before = all.map(bytesRead)
    const data = { text: text(4000) }
    await node.node.publish('feed:a', { data: JSON.stringify(data) })
    for (const client of all) expect(await client.next()).toMatchObject(pushed(data))
    const read = all.map((client, at) => bytesRead(client) - (before[at] ?? 0))
    expect(read[0]).toBeLessThan(200)
    expect(read[1]).toBe(read[0])
    expect(read[2]).toBeGreaterThan(4000)
    expect(await metric(node, 'skein_deflated_total')).toBe(1)
    expect(await metric(node, 'skein_deflated_bytes_total{side="before"}')).toBeGreaterThan(4000)
    expect(await metric(node, 'skein_deflated_bytes_total{side="after"}')).toBeLessThan(200)
  })

  it('is sent uncompressed if it is small', async () => {
    const node = await startTestNode({ env: SHARED })
    const client = await subscribed(node, OFFERING)
    await node.node.publish('feed:a', { data: '"short"' })
    expect(await client.next()).toMatchObject(pushed('short'))
    expect(await metric(node, 'skein_deflated_total')).toBe(0)
  })

  it('keeps its order among other publications', async () => {
    const node = await startTestNode({ env: { ...SHARED, SKEIN_WRITE_DELAY: '20ms' } })
    const [one, both] = [await subscribed(node, OFFERING), await subscribed(node, OFFERING)]
    both.send({ id: 3, subscribe: { channel: 'feed:b' } })
    await both.next()
    const sent: string[] = []
    for (let n = 0; n < 60; n++) {
      const channel = n % 3 === 2 ? 'feed:b' : 'feed:a'
      sent.push(channel)
      await node.node.publish(channel, { data: JSON.stringify({ n, text: n % 2 === 0 ? text(600) : '' }) })
    }
    const order = async (client: TestClient, count: number): Promise<number[]> => {
      const seen: number[] = []
      while (seen.length < count) {
        const { push } = (await client.next()) as { push: { pub: { data: { n: number } } } }
        seen.push(push.pub.data.n)
      }
      return seen
    }
    const all = sent.map((_, n) => n)
    expect(await order(both, 60)).toEqual(all)
    expect(await order(one, 40)).toEqual(all.filter((n) => n % 3 !== 2))
  })
})

describe('a compressed message of a client', () => {
  it('is inflated, also in fragments with replies between', async () => {
    const node = await startTestNode({ env: SHARED })
    const client = await connected(node, OFFERING)
    client.send({ id: 2, subscribe: { channel: 'feed:a' } })
    const publish = JSON.stringify({ id: 3, publish: { channel: 'feed:a', data: { text: text(3000) } } })
    for (let at = 0; at < publish.length; at += 1000)
      client.ws.send(publish.slice(at, at + 1000), { fin: at + 1000 >= publish.length })
    client.ws.ping()
    await once(client.ws, 'pong')
    const seen = JSON.stringify([await client.next(), await client.next(), await client.next()])
    expect(seen).toContain('"subscribe":{}')
    expect(seen).toContain('"publish":{}')
    expect(seen).toContain(text(3000))
  })

  it('may have the maximum size of a frame, beyond the size for the event loop', async () => {
    const node = await startTestNode({ env: { ...SHARED, SKEIN_MAX_FRAME: '1MiB' } })
    const client = await subscribed(node, OFFERING)
    client.send({ id: 3, publish: { channel: 'feed:a', data: text(500_000) } })
    const seen = [await client.next(), await client.next()]
    expect(JSON.stringify(seen)).toContain(text(500_000))
  })

  it.each(['64KiB', '256KiB'])('is rejected beyond %s when inflated', async (maxFrame) => {
    const node = await startTestNode({ env: { ...SHARED, SKEIN_MAX_FRAME: maxFrame } })
    const [bomber, other] = [await connected(node, OFFERING), await connected(node, OFFERING)]
    bomber.ws.send(Buffer.alloc(10 * 1024 ** 2, ' '), { binary: false })
    expect(await bomber.closed).toEqual({ code: 1009, reason: 'frame is too large when inflated' })
    expect(await metric(node, 'skein_inflate_refused_total{reason="size"}')).toBe(1)
    other.send({ id: 2, subscribe: { channel: 'feed:a' } })
    expect(await other.next()).toMatchObject({ id: 2, subscribe: {} })
  })

  it('is rejected if it is damaged', async () => {
    const node = await startTestNode({ env: SHARED })
    const client = await connected(node, OFFERING)
    const { _socket: socket } = client.ws as unknown as { _socket: { write(bytes: Uint8Array): void } }
    // FIN, RSV1, text; masked with zeros; a block of the reserved type.
    socket.write(Uint8Array.of(0xc1, 0x84, 0, 0, 0, 0, 0x07, 0xff, 0xff, 0xff))
    expect(await client.closed).toEqual({ code: 1007, reason: 'frame cannot be inflated' })
    expect(await metric(node, 'skein_inflate_refused_total{reason="damaged"}')).toBe(1)
  })

  it('is rejected without negotiated compression', async () => {
    const node = await startTestNode({ env: SHARED })
    const client = await connected(node, NOT_OFFERING)
    const { _socket: socket } = client.ws as unknown as { _socket: { write(bytes: Uint8Array): void } }
    socket.write(Uint8Array.of(0xc1, 0x81, 0, 0, 0, 0, 0x00))
    expect((await client.closed).code).toBe(1002)
  })
})
