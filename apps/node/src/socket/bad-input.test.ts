/** Invalid input of clients: each gets a code and a reason, and does not affect other clients. */
import jwt from 'jsonwebtoken'
import { describe, expect, it } from 'vitest'
import { openSocket, startTestNode, type TestClient, type TestNode } from '../testing/node.ts'

const ENV = { SKEIN_SUBSCRIPTIONS_PER_CONNECTION: '4' }

async function connected(node: TestNode): Promise<TestClient> {
  const client = await openSocket(node.wsUrl)
  client.send({ id: 1, connect: { token: node.token() } })
  await client.next()
  return client
}

describe('before connect', () => {
  const none = jwt.sign({ sub: 'anna' }, null, { algorithm: 'none' })

  it.each([
    ['no JSON', 'hello', 3501],
    ['an empty frame', '', 3501],
    ['a list', '[]', 3501],
    ['another command', '{"id":1,"publish":{"channel":"room:a","data":1}}', 3501],
    ['an unknown command', '{"id":1,"teleport":{}}', 3501],
    ['a token that is none', '{"id":1,"connect":{"token":"x"}}', 3500],
    ['a token without a signature', `{"id":1,"connect":{"token":"${none}"}}`, 3500],
    ['a token of 16 KB', `{"id":1,"connect":{"token":"${'x'.repeat(16_384)}"}}`, 3500],
  ])('%s', async (_, frame, code) => {
    const node = await startTestNode({ env: ENV })
    const client = await openSocket(node.wsUrl)
    client.ws.send(frame)
    const close = await client.closed
    expect(close.code).toBe(code)
    expect(close.reason).toMatch(/^(bad request|invalid token): ./)
    const metrics = await (await fetch(`${node.internalUrl}/metrics`)).text()
    expect(metrics).toContain(`skein_connections_closed_total{code="${code}",by="server"} 1`)
  })

  it('an expired token is the error 109, with which a client gets a new token', async () => {
    const node = await startTestNode({ env: ENV })
    const client = await openSocket(node.wsUrl)
    const token = jwt.sign({ sub: 'a', exp: 1000 }, node.config.tokenHmacSecret)
    client.send({ id: 1, connect: { token } })
    expect(await client.next()).toMatchObject({ id: 1, error: { code: 109 } })
  })
})

describe('after connect, input that closes the connection', () => {
  it.each([
    ['a second connect', '{"id":2,"connect":{}}', 3501],
    ['a command without id', '{"publish":{"channel":"feed:a","data":1}}', 3501],
    ['an empty channel', '{"id":2,"subscribe":{"channel":""}}', 3501],
    ['a message without a handler', '{"send":{"data":1}}', 3508],
  ])('%s', async (_, frame, code) => {
    const node = await startTestNode({ env: ENV })
    const [client, other] = [await connected(node), await connected(node)]
    client.ws.send(frame)
    const close = await client.closed
    expect(close.code).toBe(code)
    expect(close.reason).not.toBe('')
    other.send({ id: 2, subscribe: { channel: 'feed:a' } })
    expect(await other.next()).toMatchObject({ id: 2, subscribe: {} })
  })

  it('binary on a JSON connection', async () => {
    const node = await startTestNode({ env: ENV })
    const client = await connected(node)
    client.ws.send(Buffer.from('{}'), { binary: true })
    expect((await client.closed).code).toBe(3506)
  })
})

describe('after connect, input that gets an error', () => {
  it.each([
    ['an unknown namespace', { subscribe: { channel: 'nowhere:a' } }, 102],
    ['a channel that is too long', { subscribe: { channel: `room:${'x'.repeat(300)}` } }, 107],
    ['a channel that is not printable', { subscribe: { channel: 'room:\u0000' } }, 107],
    ['a publication that only the server may make', { publish: { channel: 'news:a', data: 1 } }, 103],
    ['presence where there is none', { presence: { channel: 'feed:a' } }, 108],
    ['rpc without methods', { rpc: { method: 'm', data: 1 } }, 108],
  ])('%s', async (_, command, code) => {
    const node = await startTestNode({ env: ENV })
    const client = await connected(node)
    client.send({ id: 2, ...command })
    expect(await client.next()).toMatchObject({ id: 2, error: { code } })
    client.send({ id: 3, subscribe: { channel: 'feed:a' } })
    expect(await client.next()).toMatchObject({ id: 3, subscribe: {} })
  })

  it('too many subscriptions', async () => {
    const node = await startTestNode({ env: ENV })
    const client = await connected(node)
    const replies: unknown[] = []
    for (let id = 2; id < 8; id++) {
      client.send({ id, subscribe: { channel: `feed:${id}` } })
      replies.push(await client.next())
    }
    expect(JSON.stringify(replies)).toContain('"code":106')
  })
})
