import { once } from 'node:events'
import { connect as connectTcp } from 'node:net'
import type { NetworkContext } from '@skein/core'
import jwt from 'jsonwebtoken'
import { describe, expect, it } from 'vitest'
import { openSocket, Refused, startTestNode, type TestNode, type TestNodeOptions } from '../testing/node.ts'

/** The network context of the connection that `open` makes. */
async function contextOf(
  options: TestNodeOptions,
  open: (node: TestNode) => Promise<unknown>,
): Promise<NetworkContext> {
  const seen: NetworkContext[] = []
  const node = await startTestNode(options)
  node.node.events.on('connectionOpened', ({ client }) => {
    if (client.network !== undefined) seen.push(client.network)
  })
  await open(node)
  const [network] = seen
  if (network === undefined) throw new Error('no connection was opened')
  return network
}

async function refusal(opening: Promise<unknown>): Promise<{ status: number; error: unknown }> {
  try {
    await opening
  } catch (error) {
    if (error instanceof Refused) return { status: error.status, error: JSON.parse(error.body).error }
    throw error
  }
  throw new Error('the upgrade was not refused')
}

describe('the upgrade', () => {
  it('serves JSON: connect, subscribe, publish', async () => {
    const node = await startTestNode()
    const client = await openSocket(node.wsUrl)
    client.send({ id: 1, connect: { token: node.token() } }, { id: 2, subscribe: { channel: 'room:a' } })
    expect(await client.next()).toMatchObject({
      id: 1,
      connect: { ping: 25, pong: true, node: expect.anything() },
    })
    expect(await client.next()).toMatchObject({ id: 2, subscribe: { recoverable: true } })
    client.send({ id: 3, publish: { channel: 'room:a', data: { text: 'hello' } } })
    const messages: unknown[] = []
    const seen = () => JSON.stringify(messages)
    while (!(seen().includes('"publish":{}') && seen().includes('"pub":'))) messages.push(await client.next())
    expect(seen()).toContain('"data":{"text":"hello"}')
  })

  it.each([
    ['centrifuge-protobuf', '', 'centrifuge-protobuf', 'protobuf'],
    ['centrifuge-json', '', 'centrifuge-json', 'json'],
    ['', '', '', 'json'],
    ['', '?format=protobuf', '', 'protobuf'],
    ['', '?cf_protocol=protobuf', '', 'protobuf'],
    ['centrifuge-json', '?format=protobuf', 'centrifuge-json', 'json'],
    ['unheard-of,centrifuge-protobuf', '', 'centrifuge-protobuf', 'protobuf'],
  ])('offered %j with %j: agreed on %j, %s', async (offered, query, agreed, encoding) => {
    const network = await contextOf({}, async (node) => {
      const protocols = offered === '' ? [] : offered.split(',')
      const { ws } = await openSocket(node.wsUrl + query, {}, protocols)
      expect(ws.protocol).toBe(agreed)
    })
    expect(network.encoding).toBe(encoding)
  })

  it('responds without a subprotocol if it knows none of the offered ones', async () => {
    const node = await startTestNode()
    await expect(openSocket(node.wsUrl, {}, ['unheard-of'])).rejects.toThrow(/no subprotocol/)
  })

  it('receives a frame that arrives with the request', async () => {
    const node = await startTestNode()
    const { port } = new URL(node.wsUrl)
    const tcp = connectTcp(Number(port), '127.0.0.1')
    const command = Buffer.from(JSON.stringify({ id: 1, connect: { token: node.token() } }))
    tcp.write(Buffer.concat([Buffer.from(upgradeRequest()), maskedText(command)]))
    let answer = ''
    while (!answer.includes('"connect"')) answer += String((await once(tcp, 'data'))[0])
    tcp.destroy()
    expect(answer).toMatch(/^HTTP\/1.1 101 /)
  })
})

function upgradeRequest(headers: readonly string[] = [], path = '/connection/websocket'): string {
  const lines = [
    `GET ${path} HTTP/1.1`,
    'Host: test',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
  ]
  return `${lines.join('\r\n')}\r\n\r\n`
}

/** A client's frame, masked with zeros; at most 65535 bytes. */
function maskedText(payload: Buffer, opcode = 0x81): Buffer {
  const header = Buffer.from([opcode, 0x80 | 126, payload.length >> 8, payload.length & 255, 0, 0, 0, 0])
  return Buffer.concat([header, payload])
}

/** All bytes of the response to raw bytes, until the connection ends. */
async function exchange(node: TestNode, bytes: string | Buffer): Promise<string> {
  const tcp = connectTcp(Number(new URL(node.wsUrl).port), '127.0.0.1')
  tcp.write(bytes)
  let answer = ''
  for await (const chunk of tcp) answer += String(chunk)
  return answer
}

describe('a refused upgrade', () => {
  it('to another route gets 404', async () => {
    const node = await startTestNode({ env: { SKEIN_DEMO: 'true' } })
    for (const path of ['/', '/nowhere', '/connection', '/demo/token']) {
      expect(await refusal(openSocket(new URL(path, node.wsUrl).href))).toMatchObject({ status: 404 })
    }
  })

  it('with a body gets 400, by length or in chunks', async () => {
    const node = await startTestNode()
    for (const header of ['Content-Length: 3', 'Transfer-Encoding: chunked']) {
      expect(await exchange(node, `${upgradeRequest([header])}abc`)).toMatch(/^HTTP\/1.1 400 /)
    }
  })

  it('without a valid key gets 400', async () => {
    const node = await startTestNode()
    const answer = await exchange(node, upgradeRequest().replace('dGhlIHNhbXBsZSBub25jZQ==', 'x'))
    expect(answer).toMatch(/^HTTP\/1.1 400 /)
  })

  it('with a malformed URL, or pipelined behind an unfinished reply, ends its connection', async () => {
    const node = await startTestNode()
    expect(await exchange(node, upgradeRequest([], '/%zz'))).toMatch(/^HTTP\/1.1 400 /)
    const plain = 'GET /nowhere HTTP/1.1\r\nHost: test\r\n\r\n'
    expect(await exchange(node, plain + upgradeRequest())).toMatch(/^HTTP\/1.1 404 /)
    expect(node.node.stats().clients).toBe(0)
  })

  it('of another version, protocol or method is refused, and its connection ends', async () => {
    const node = await startTestNode()
    const request = upgradeRequest()
    const version = await exchange(node, request.replace('Version: 13', 'Version: 7'))
    expect(version).toMatch(/^HTTP\/1.1 426 (?:.|\r|\n)*sec-websocket-version: 13/i)
    expect(await exchange(node, request.replace('Upgrade: websocket', 'Upgrade: h2c'))).toMatch(
      /^HTTP\/1.1 400 /,
    )
    expect(await exchange(node, request.replace('GET', 'PUT'))).toMatch(/^HTTP\/1.1 404 /)
    expect(await exchange(node, request.replace(/Sec-WebSocket-Key: .*\r\n/, ''))).toMatch(/^HTTP\/1.1 400 /)
    expect(node.node.stats().clients).toBe(0)
  })

  it('from a foreign origin gets 403; the own and listed origins are accepted', async () => {
    const own = await startTestNode()
    expect(await refusal(openSocket(own.wsUrl, { origin: 'https://evil.example' }))).toMatchObject({
      status: 403,
    })
    await openSocket(own.wsUrl, { origin: own.publicUrl ?? '' })
    const listed = await startTestNode({ env: { SKEIN_ALLOWED_ORIGINS: 'https://app.example' } })
    await openSocket(listed.wsUrl, { origin: 'https://app.example' })
    expect(await refusal(openSocket(listed.wsUrl, { origin: listed.publicUrl ?? '' }))).toMatchObject({
      status: 403,
    })
  })

  it('from a foreign origin gets 403, also with its X-Forwarded-Host from a trusted proxy', async () => {
    const node = await startTestNode({ env: { SKEIN_TRUSTED_PROXIES: 'loopback' } })
    const headers = { 'x-forwarded-host': 'evil.example', 'x-forwarded-for': '203.0.113.9' }
    const forged = openSocket(node.wsUrl, { origin: 'https://evil.example', headers })
    expect(await refusal(forged)).toMatchObject({ status: 403 })
  })

  it('of another WebSocket version gets 426 with the supported one, and of HTTP/1.0 gets 505', async () => {
    const node = await startTestNode()
    const request = upgradeRequest()
    const old = await exchange(node, request.replace('Version: 13', 'Version: 8'))
    expect(old).toMatch(/^HTTP\/1.1 426 /)
    expect(old).toMatch(/\r\nsec-websocket-version: 13\r\n/i)
    expect(await exchange(node, request.replace('HTTP/1.1', 'HTTP/1.0'))).toMatch(/^HTTP\/1.1 505 /)
    expect(node.node.stats().clients).toBe(0)
  })

  it.each([
    ['tampered', (token: string) => `${token}x`, { code: 3500, message: 'invalid token: invalid signature' }],
    ['empty', () => '', { code: 3500, message: 'invalid token: must be provided' }],
    ['too long', () => 'x'.repeat(5000), { code: 3500, message: 'invalid token: longer than 4096 bytes' }],
  ])('with a token that is %s gets 401, in the header and in the query', async (_, change, error) => {
    const node = await startTestNode()
    const token = change(node.token())
    const inHeader = openSocket(node.wsUrl, { headers: { authorization: `Bearer ${token}` } })
    expect(await refusal(inHeader)).toEqual({ status: 401, error })
    expect(await refusal(openSocket(`${node.wsUrl}?token=${token}`))).toEqual({ status: 401, error })
  })

  it('with an expired token gets 401 with code 109', async () => {
    const node = await startTestNode()
    const token = jwt.sign({ sub: 'anna', exp: 1000 }, node.config.tokenHmacSecret)
    const { status, error } = await refusal(openSocket(`${node.wsUrl}?token=${token}`))
    expect({ status, error }).toEqual({ status: 401, error: { code: 109, message: 'token expired' } })
  })

  it('is counted by its reason', async () => {
    const node = await startTestNode()
    await refusal(openSocket(`${node.wsUrl}?token=x`))
    await refusal(openSocket(node.wsUrl, { origin: 'https://evil.example' }))
    const metrics = await (await fetch(`${node.internalUrl}/metrics`)).text()
    expect(metrics).toContain('skein_handshakes_refused_total{reason="token"} 1')
    expect(metrics).toContain('skein_handshakes_refused_total{reason="origin"} 1')
  })
})

describe('a plain request', () => {
  it('to the WebSocket route gets 426', async () => {
    const node = await startTestNode()
    const response = await fetch(node.wsUrl.replace('ws', 'http'))
    expect(response.status).toBe(426)
    expect(response.headers.get('upgrade')).toBe('websocket')
  })

  it('to any other path gets 404, also to paths of the internal port', async () => {
    const node = await startTestNode()
    for (const path of ['/', '/metrics', '/readyz', '/docs', '/api/info', '/demo/token']) {
      expect((await fetch(`${node.publicUrl}${path}`)).status).toBe(404)
    }
  })
})

describe('authentication at the handshake', () => {
  it.each(['header', 'query'])('by %s makes a token in connect unnecessary', async (place) => {
    const node = await startTestNode()
    const token = node.token({ user: 'ben' })
    const client =
      place === 'query'
        ? await openSocket(`${node.wsUrl}?token=${token}`)
        : await openSocket(node.wsUrl, { headers: { authorization: `Bearer ${token}` } })
    client.send(
      { id: 1, connect: {} },
      { id: 2, subscribe: { channel: 'room:a' } },
      { id: 3, presence: { channel: 'room:a' } },
    )
    let message: unknown
    do message = await client.next()
    while (!JSON.stringify(message).startsWith('{"id":3'))
    expect(JSON.stringify(message)).toContain('"user":"ben"')
  })

  it('closes a connection without any token with a reason', async () => {
    const node = await startTestNode()
    const client = await openSocket(node.wsUrl)
    client.send({ id: 1, connect: {} })
    const { code, reason } = await client.closed
    expect(code).toBeGreaterThanOrEqual(3500)
    expect(reason).not.toBe('')
  })
})

describe('the network context', () => {
  it('has the facts of the request, within limits', async () => {
    const network = await contextOf({}, (node) =>
      openSocket(node.wsUrl, {
        headers: {
          'x-request-id': 'from-nginx-1',
          'user-agent': 'u'.repeat(1000),
          traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
        },
      }),
    )
    expect(network).toMatchObject({
      requestId: 'from-nginx-1',
      remoteAddress: '127.0.0.1',
      userAgent: 'u'.repeat(256),
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      framePing: false,
    })
  })

  it('trusts X-Forwarded-For of trusted proxies only', async () => {
    const headers = { 'x-forwarded-for': '198.51.100.7, 203.0.113.9, 10.1.1.1' }
    const open = (node: TestNode) => openSocket(node.wsUrl, { headers })
    const trusting = { env: { SKEIN_TRUSTED_PROXIES: 'loopback,10.0.0.0/8' } }
    expect((await contextOf(trusting, open)).remoteAddress).toBe('203.0.113.9')
    expect((await contextOf({}, open)).remoteAddress).toBe('127.0.0.1')
  })
})

describe('invalid frames', () => {
  it.each([
    [
      'too large',
      (max: number) => maskedText(Buffer.alloc(max + 1, ' ')),
      1009,
      'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH',
    ],
    ['not UTF-8', () => maskedText(Buffer.from([0xff, 0xfe])), 1007, 'WS_ERR_INVALID_UTF8'],
    ['reserved opcodes', () => maskedText(Buffer.from('x'), 0x83), 1002, 'WS_ERR_INVALID_OPCODE'],
  ])(
    '%s: the connection is closed with a reason and counted, others continue',
    async (_, frame, code, label) => {
      const node = await startTestNode({ env: { SKEIN_MAX_FRAME: '2KiB' } })
      const other = await openSocket(node.wsUrl)
      const tcp = connectTcp(Number(new URL(node.wsUrl).port), '127.0.0.1')
      tcp.write(upgradeRequest())
      await once(tcp, 'data')
      tcp.write(frame(2048))
      const close: Buffer = (await once(tcp, 'data'))[0]
      tcp.destroy()
      expect(close[0]).toBe(0x88)
      expect(close.readUInt16BE(2)).toBe(code)
      expect(close.subarray(4).length).toBeGreaterThan(0)
      const metrics = await (await fetch(`${node.internalUrl}/metrics`)).text()
      expect(metrics).toContain(`skein_socket_errors_total{code="${label}"} 1`)
      other.send({ id: 1, connect: { token: node.token() } })
      expect(await other.next()).toMatchObject({ id: 1, connect: {} })
    },
  )
})

describe('frame pings', () => {
  it('are WebSocket pings for clients that request them, and pongs keep the connection', async () => {
    const node = await startTestNode({ env: { SKEIN_PING_INTERVAL: '200ms', SKEIN_PONG_TIMEOUT: '100ms' } })
    const client = await openSocket(`${node.wsUrl}?cf_ws_frame_ping_pong=true`)
    client.send({ id: 1, connect: { token: node.token() } })
    expect(await client.next()).not.toHaveProperty('connect.ping')
    for (let pings = 0; pings < 3; pings++) await once(client.ws, 'ping')
    expect(client.ws.readyState).toBe(client.ws.OPEN)
  })
})

describe('a stopping node', () => {
  it('closes connections with 3001 and a reason, and refuses handshakes with 503', async () => {
    const node = await startTestNode({ env: { SKEIN_DRAIN_WINDOW: '300ms' } })
    const clients = await Promise.all([1, 2, 3].map(() => openSocket(node.wsUrl)))
    const stopped = node.stop()
    const late = await refusal(openSocket(node.wsUrl))
    expect(late).toMatchObject({ status: 503 })
    for (const { closed } of clients) expect(await closed).toEqual({ code: 3001, reason: 'shutdown' })
    await stopped
    await expect(openSocket(node.wsUrl)).rejects.toThrow(/ECONNREFUSED/)
  })
})
