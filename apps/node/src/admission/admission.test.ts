import { request } from 'node:http'
import { connect } from 'node:net'
import { createMemoryBus } from '@skein/core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openSocket, Refused, startTestNode, type TestNode } from '../testing/node.ts'

interface Answer {
  readonly status: number
  readonly retryAfter: string | undefined
}

/** The response to an upgrade request, as a proxy receives it. */
function handshake(node: TestNode): Promise<Answer> {
  const headers = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  }
  return new Promise((resolve, reject) => {
    const sent = request(node.wsUrl.replace('ws', 'http'), { headers })
    sent.on('upgrade', (_, socket) => {
      resolve({ status: 101, retryAfter: undefined })
      socket.destroy()
    })
    sent.on('response', (response) => {
      response.resume()
      resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] })
    })
    sent.on('error', reject)
    sent.end()
  })
}

const readiness = async (node: TestNode): Promise<unknown> =>
  (await fetch(`${node.internalUrl}/readyz`)).json()

const metric = async (node: TestNode, line: string): Promise<boolean> =>
  (await (await fetch(`${node.internalUrl}/metrics`)).text()).includes(line)

/** Polls until it is true, up to the timeout of the test. */
async function until(what: () => Promise<boolean>): Promise<void> {
  while (!(await what())) await new Promise((resolve) => setTimeout(resolve, 50))
}

async function connectedTo(node: TestNode) {
  const client = await openSocket(node.wsUrl)
  client.send({ id: 1, connect: { token: node.token() } })
  await client.next()
  return client
}

describe('handshakes', () => {
  it('above the rate wait; those with too long a wait get 503 with Retry-After', async () => {
    const node = await startTestNode({
      env: { SKEIN_HANDSHAKE_RATE: '10', SKEIN_HANDSHAKE_BURST: '2', SKEIN_HANDSHAKE_WAIT: '300ms' },
    })
    const started = performance.now()
    const answers = await Promise.all(Array.from({ length: 9 }, () => handshake(node)))
    const refused = answers.filter(({ status }) => status === 503)
    expect(answers.filter(({ status }) => status === 101)).toHaveLength(5)
    expect(performance.now() - started).toBeGreaterThan(250)
    for (const { retryAfter } of refused) expect(retryAfter).toMatch(/^[1-6]$/)
    expect(await metric(node, 'skein_handshakes_refused_total{reason="rate"} 4')).toBe(true)
  })

  it('of a full node get 503, and it stays ready for its clients', async () => {
    const node = await startTestNode({ env: { SKEIN_MAX_CONNECTIONS: '2' } })
    const [first] = [await connectedTo(node), await connectedTo(node)]
    expect(await handshake(node)).toMatchObject({ status: 503 })
    expect(await readiness(node)).toEqual({ status: 'ok' })
    expect(await metric(node, '\nskein_ready 1\n')).toBe(true)
    expect(await metric(node, '\nskein_saturated 1\n')).toBe(true)
    expect(await metric(node, 'skein_connections_max 2')).toBe(true)
    first.ws.terminate()
    await until(async () => (await handshake(node)).status === 101)
    expect(await metric(node, 'skein_handshakes_refused_total{reason="full"}')).toBe(true)
  })

  it('of silent clients are bounded, apart from established connections', async () => {
    const node = await startTestNode({ env: { SKEIN_MAX_HALF_OPEN: '2' } })
    await connectedTo(node)
    const silent = await openSocket(node.wsUrl)
    await openSocket(node.wsUrl)
    expect(await handshake(node)).toMatchObject({ status: 503 })
    expect(await metric(node, 'skein_connections_half_open 2')).toBe(true)
    silent.send({ id: 1, connect: { token: node.token() } })
    await silent.next()
    expect(await handshake(node)).toMatchObject({ status: 101 })
  })

  it('are refused while the node is overloaded; open connections continue', async () => {
    const node = await startTestNode({ env: { SKEIN_MAX_MEMORY: '1MiB' } })
    const client = await connectedTo(node)
    await until(async () => (await handshake(node)).status === 503)
    expect(await readiness(node)).toEqual({ status: 'ok' })
    expect(await metric(node, '\nskein_saturated 1\n')).toBe(true)
    expect(await metric(node, 'skein_overloaded{cause="memory"} 1')).toBe(true)
    client.send({ id: 2, subscribe: { channel: 'room:a' } })
    expect(await client.next()).toMatchObject({ id: 2, subscribe: {} })
  })

  it('are refused while the cluster is out of reach, and accepted afterwards', async () => {
    const bus = createMemoryBus()
    const node = await startTestNode({ bus })
    bus.cut()
    await until(async () => (await handshake(node)).status === 503)
    expect(await metric(node, 'skein_handshakes_refused_total{reason="unready"}')).toBe(true)
    bus.heal()
    // A proxy may send a handshake as soon as the node is ready.
    await until(async () => JSON.stringify(await readiness(node)) === '{"status":"ok"}')
    expect((await handshake(node)).status).toBe(101)
  })
})

describe('TCP connections', () => {
  it('without a request are bounded', async () => {
    const node = await startTestNode({ env: { SKEIN_MAX_CONNECTIONS: '1' } })
    const idle = await Promise.all(Array.from({ length: 33 }, () => open(node)))
    expect(idle.every((socket) => !socket.destroyed)).toBe(true)
    await until(async () => {
      await open(node)
      return metric(node, 'skein_handshakes_refused_total{reason="files"}')
    })
  })
})

async function open(node: TestNode) {
  const socket = connect(Number(new URL(node.wsUrl).port), '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  await new Promise((resolve) => socket.once('connect', resolve))
  return socket
}

it('refusals by admission and by ws have separate counters', async () => {
  const node = await startTestNode({
    env: { SKEIN_HANDSHAKE_RATE: '1', SKEIN_HANDSHAKE_BURST: '1', SKEIN_HANDSHAKE_WAIT: '0' },
  })
  await openSocket(node.wsUrl)
  const refused = await openSocket(node.wsUrl).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(Refused)
  expect(JSON.parse((refused as Refused).body)).toEqual({
    error: { code: 503, message: 'too many connections are being opened' },
  })
})
