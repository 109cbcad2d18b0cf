import { CLOSE } from '@skein/protocol'
import { describe, expect, test } from 'vitest'
import { connected, TestClient } from '../testing/client.ts'
import { settle } from '../testing/clock.ts'
import { startNodes } from '../testing/nodes.ts'

describe('connect', () => {
  test('without a token closes with 3501 and the reason', async () => {
    const { node } = await startNodes()
    const client = new TestClient(node)
    await expect(client.connect()).rejects.toEqual({
      code: 3501,
      reason: 'bad request: connect without a token',
    })
  })

  test('without a token assigns a temporary user if anonymous clients are allowed', async () => {
    const { node } = await startNodes({ allowAnonymous: true })
    const client = new TestClient(node)
    await client.connect()
    expect(await node.stats()).toMatchObject({ clients: 1, users: 1 })
  })

  test('twice closes with 3501', async () => {
    const { node } = await startNodes()
    const client = await connected(node, 'ann')
    await expect(client.connect()).rejects.toMatchObject({ code: 3501 })
  })

  test('comes before any other command', async () => {
    const { node } = await startNodes()
    const client = new TestClient(node, { credentials: { user: 'ann' } })
    await expect(client.call('publish', { channel: 'feed:a', data: '1' })).rejects.toEqual({
      code: 3501,
      reason: 'bad request: publish before connect',
    })
  })

  test('and subscribe may share a frame: subscribe waits for connect', async () => {
    const { node } = await startNodes()
    const client = new TestClient(node, { credentials: { user: 'ann' } })
    client.raw('{"id":1,"connect":{}}\n{"id":2,"subscribe":{"channel":"room:a"}}')
    await settle()
    const text = client.socket.frames.map((frame) => new TextDecoder().decode(frame.payload)).join('\n')
    expect(text).toMatch(/"id":1,"connect"[\s\S]*"id":2,"subscribe"/)
  })

  test('not sent in time closes with 3502', async () => {
    const { node, clock } = await startNodes()
    const client = new TestClient(node)
    await clock.advance(10_200)
    expect(client.socket.closed).toEqual(CLOSE.stale)
  })
})

describe('bad input', () => {
  test.each([
    ['not json', '{'],
    ['a pong that nobody asked for', '{}'],
    ['a command without id', '{"publish":{"channel":"feed:a","data":1}}'],
    ['an unknown verb', '{"id":9,"dance":{}}'],
    ['a repeated id', '{"id":9,"rpc":{}}\n{"id":9,"rpc":{}}'],
  ])('%s closes with 3501 and emits an event', async (_, text) => {
    const { node } = await startNodes()
    const seen: string[] = []
    node.events.on('badFrame', ({ reason }) => seen.push(reason))
    const client = await connected(node, 'ann')
    client.raw(text)
    await settle()
    expect(client.socket.closed?.code).toBe(3501)
    expect(client.socket.closed?.reason).toMatch(/^bad request: ./)
    expect(seen).toHaveLength(1)
  })

  test('a binary frame on a JSON connection closes with 3506', async () => {
    const { node } = await startNodes()
    const client = await connected(node, 'ann')
    client.handle.onMessage(new Uint8Array([0]), true)
    expect(client.socket.closed?.code).toBe(3506)
  })

  test('commands before malformed bytes are answered', async () => {
    const { node } = await startNodes()
    const client = await connected(node, 'ann')
    const reply = client.call('subscribe', { channel: 'room:a' })
    client.raw('{')
    await expect(reply).resolves.toMatchObject({ recoverable: true })
    await settle()
    expect(client.socket.closed?.code).toBe(3501)
  })

  test.each([
    ['room', 'nowhere:a', 102],
    ['too long', `room:${'x'.repeat(300)}`, 107],
    ['spaces', 'room:a b', 107],
    ['server only', 'secret:a', 103],
  ])('subscribing to a channel that is no good (%s) is an error', async (_, channel, code) => {
    const { node } = await startNodes()
    const client = await connected(node, 'ann')
    await expect(client.call('subscribe', { channel })).rejects.toMatchObject({ code })
  })

  test('a second subscription is 105, one above the limit 106', async () => {
    const { node } = await startNodes({ limits: { subscriptionsPerConnection: 2 } })
    const client = await connected(node, 'ann')
    await client.call('subscribe', { channel: 'room:a' })
    await expect(client.call('subscribe', { channel: 'room:a' })).rejects.toMatchObject({ code: 105 })
    await client.call('subscribe', { channel: 'room:b' })
    await expect(client.call('subscribe', { channel: 'room:c' })).rejects.toMatchObject({ code: 106 })
  })
})
