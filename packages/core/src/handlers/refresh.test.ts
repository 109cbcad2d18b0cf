import { CLOSE } from '@skein/protocol'
import { describe, expect, test } from 'vitest'
import type { Credentials } from '../socket.ts'
import { TestClient } from '../testing/client.ts'
import { settle } from '../testing/clock.ts'
import { startNodes, type TestNodes } from '../testing/nodes.ts'

/** Tokens are credentials as JSON. */
const tokens = {
  connection: (token: string): Credentials => JSON.parse(token),
  subscription: () => ({}),
}
const token = (credentials: Credentials): string => JSON.stringify(credentials)

const start = (limits = {}): Promise<TestNodes> =>
  startNodes({ tokens, limits: { pingInterval: 0, ...limits } })

async function connect({ node, clock }: TestNodes, seconds: number, channels: Credentials['channels'] = {}) {
  const expireAt = clock.now() / 1000 + seconds
  const client = new TestClient(node)
  const result = await client.connect({ token: token({ user: 'ann', expireAt, channels }) })
  return { client, result }
}

const later = ({ clock }: TestNodes): number => clock.now() / 1000 + 3600

const publish = async ({ node }: TestNodes, channel: string, ...all: number[]) => {
  for (const data of all) await node.publish(channel, { data: `${data}` })
  await settle()
}

describe('after the expiry of the token', () => {
  test('every command but refresh is answered with 109, and the close follows after the grace period', async () => {
    const made = await start()
    const { client } = await connect(made, 1)
    await client.call('subscribe', { channel: 'room:a' })
    await made.clock.advance(1001)
    const expired = { code: 109 }
    await expect(client.call('publish', { channel: 'room:a', data: '1' })).rejects.toMatchObject(expired)
    await expect(client.call('subscribe', { channel: 'room:b' })).rejects.toMatchObject(expired)
    await expect(client.call('unsubscribe', { channel: 'room:a' })).rejects.toMatchObject(expired)
    await expect(client.call('history', { channel: 'room:a' })).rejects.toMatchObject(expired)
    await expect(client.call('presence', { channel: 'room:a' })).rejects.toMatchObject(expired)
    await expect(client.call('presence_stats', { channel: 'room:a' })).rejects.toMatchObject(expired)
    await expect(client.call('rpc', { method: 'm' })).rejects.toMatchObject(expired)
    expect(client.socket.closed).toBeUndefined()
    await made.clock.advance(26_000)
    expect(client.socket.closed).toEqual(CLOSE.expired)
  })

  test('nothing is delivered until the refresh, and nothing is lost', async () => {
    const made = await start()
    const { client } = await connect(made, 1, { 'news:s': {} })
    for (const channel of ['room:a', 'feed:a']) await client.call('subscribe', { channel })
    for (const channel of ['room:a', 'feed:a', 'news:s']) await publish(made, channel, 1)
    await made.clock.advance(1200)
    for (const channel of ['room:a', 'feed:a', 'news:s']) await publish(made, channel, 2, 3)
    await made.clock.advance(1000)
    expect(client.publications('room:a')).toEqual(['1:1'])
    expect(client.publications('feed:a')).toEqual(['0:1'])
    expect(client.publications('news:s')).toEqual(['1:1'])

    await client.call('refresh', {
      token: token({ user: 'ann', expireAt: later(made), channels: { 'news:s': {} } }),
    })
    for (const channel of ['room:a', 'feed:a', 'news:s']) await publish(made, channel, 4)
    await made.clock.advance(1000)
    expect(client.publications('room:a')).toEqual(['1:1', '2:2', '3:3', '4:4'])
    expect(client.publications('feed:a')).toEqual(['0:1', '0:2', '0:3', '0:4'])
    expect(client.publications('news:s')).toEqual(['1:1', '2:2', '3:3', '4:4'])
    expect(client.pushes.filter(({ kind }) => kind === 'unsubscribe')).toEqual([])
  })

  test('a subscription whose buffer overflowed loses its state at the refresh', async () => {
    const made = await start({ bufferedPublications: 16 })
    const { client } = await connect(made, 1)
    await client.call('subscribe', { channel: 'room:a' })
    await made.clock.advance(1200)
    await publish(made, 'room:a', ...Array.from({ length: 20 }, (_, n) => n))
    await client.call('refresh', { token: token({ user: 'ann', expireAt: later(made) }) })
    await made.clock.advance(100)
    expect(client.publications('room:a')).toEqual([])
    expect(client.pushes).toContainEqual(expect.objectContaining({ kind: 'unsubscribe', code: 2500 }))
  })
})

test('the API extends an expired connection, and its deliveries continue', async () => {
  const made = await start()
  const { client } = await connect(made, 1)
  await client.call('subscribe', { channel: 'room:a' })
  await made.clock.advance(1200)
  await publish(made, 'room:a', 1)
  await made.node.refresh({ user: 'ann' }, { expireAt: later(made) })
  await made.clock.advance(1000)
  expect(client.publications('room:a')).toEqual(['1:1'])
})

test('the reply asks an SDK to refresh before the expiry', async () => {
  const { result } = await connect(await start(), 60)
  expect(result).toMatchObject({ expires: true, ttl: 57 })
})

describe('a refresh', () => {
  test('ends the server-side subscriptions that the new token does not grant', async () => {
    const made = await start()
    const { client } = await connect(made, 60, { 'news:a': {}, 'news:b': {} })
    await client.call('refresh', {
      token: token({ user: 'ann', expireAt: later(made), channels: { 'news:b': {} } }),
    })
    await publish(made, 'news:a', 1)
    await publish(made, 'news:b', 1)
    await made.clock.advance(1000)
    expect(client.pushes).toContainEqual(
      expect.objectContaining({ kind: 'unsubscribe', channel: 'news:a', code: 2000 }),
    )
    expect(client.publications('news:a')).toEqual([])
    expect(client.publications('news:b')).toEqual(['1:1'])
  })

  test("keeps the channels that a connect hook granted, and the client's own", async () => {
    const made = await startNodes({ tokens, hooks: { onConnect: () => ({ channels: { 'news:hook': {} } }) } })
    const { client } = await connect(made, 60, { 'news:hook': {}, 'news:a': {} })
    await client.call('subscribe', { channel: 'room:a' })
    await client.call('refresh', { token: token({ user: 'ann', expireAt: later(made) }) })
    const ended = client.pushes.map((push) => (push.kind === 'unsubscribe' ? push.channel : ''))
    expect(ended.filter((channel) => channel !== '')).toEqual(['news:a'])
  })

  test('with the token of another user closes the connection with 3500', async () => {
    const made = await start()
    const { client } = await connect(made, 60)
    await expect(client.call('refresh', { token: token({ user: 'bob' }) })).rejects.toMatchObject({
      code: 3500,
    })
  })
})
