import { request } from 'node:http'
import { connect } from 'node:net'
import { createMemoryBus } from '@skein/core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openSocket, Refused, startTestNode, type TestNode } from '../testing/node.ts'

interface Answer {
  readonly status: number
  readonly retryAfter: string | undefined
}

/** The answer to an upgrade request, as a proxy sees it. */
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

/** Asks until it is so; the test's own timeout is the end. */
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
  it('beyond the rate wait for their turn; who would wait too long gets 503 and a time to come back', async () => {
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

  it('beyond the connections get 503 and the node is not ready, until there is room', async () => {
    const node = await startTestNode({ env: { SKEIN_MAX_CONNECTIONS: '2' } })
    const [first] = [await connectedTo(node), await connectedTo(node)]
    expect(await handshake(node)).toMatchObject({ status: 503 })
    expect(await readiness(node)).toEqual({
      status: 'unready',
      reasons: ['full: it has all of its 2 connections (SKEIN_MAX_CONNECTIONS)'],
    })
    expect(await metric(node, 'skein_ready 0')).toBe(true)
    expect(await metric(node, 'skein_connections_max 2')).toBe(true)
    first.ws.terminate()
    await until(async () => (await handshake(node)).status === 101)
    expect(await metric(node, 'skein_handshakes_refused_total{reason="full"}')).toBe(true)
  })

  it('of clients that say nothing are bounded, whoever is connected', async () => {
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

  it('are refused while the node is overloaded; whoever is connected is served on', async () => {
    const node = await startTestNode({ env: { SKEIN_MAX_MEMORY: '1MiB' } })
    const client = await connectedTo(node)
    await until(async () => (await handshake(node)).status === 503)
    expect(await readiness(node)).toMatchObject({ reasons: [expect.stringMatching(/^overloaded: \d+ MiB/)] })
    expect(await metric(node, 'skein_overloaded{cause="memory"} 1')).toBe(true)
    client.send({ id: 2, subscribe: { channel: 'room:a' } })
    expect(await client.next()).toMatchObject({ id: 2, subscribe: {} })
  })

  it('are refused while the cluster is away, and served once it is back', async () => {
    const bus = createMemoryBus()
    const node = await startTestNode({ bus })
    bus.cut()
    await until(async () => (await handshake(node)).status === 503)
    expect(await metric(node, 'skein_handshakes_refused_total{reason="unready"}')).toBe(true)
    bus.heal()
    // Whoever has heard that it is ready may come at once.
    await until(async () => JSON.stringify(await readiness(node)) === '{"status":"ok"}')
    expect((await handshake(node)).status).toBe(101)
  })
})

describe('TCP connections', () => {
  it('that ask for nothing are bounded, too', async () => {
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

it('refusals are told apart from refusals of the WebSocket itself', async () => {
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
