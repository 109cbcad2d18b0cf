/**
 * Every method of the server API, called as a backend calls it, with its effects on clients of other nodes.
 */
import {
  callRaw,
  freshChannel,
  freshUser,
  startCluster,
  TEST_API_KEY,
  type TestCluster,
  waitFor,
} from '@skein/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

let cluster: TestCluster
beforeAll(async () => {
  cluster = await startCluster({ nodes: 3 })
})
afterAll(() => cluster.stop())

interface Position {
  readonly offset: number
  readonly epoch: string
}

describe('publish', () => {
  test('delivers data and tags, and returns the position', async () => {
    const channel = freshChannel('news')
    const reader = await cluster.client({ node: 1, user: 'reader' })
    const news = await reader.subscribe(channel)
    const result = await cluster.api<Position>('publish', { channel, data: { a: 1 }, tags: { lang: 'en' } })
    expect(result).toEqual({ offset: 1, epoch: expect.stringMatching(/.+/) })
    expect(await news.publications.next()).toEqual({
      data: { a: 1 },
      offset: 1,
      user: '',
      tags: { lang: 'en' },
    })
  })

  test('a repeated idempotency key returns the first position and delivers nothing', async () => {
    const channel = freshChannel('news')
    const reader = await cluster.client({ node: 1, user: 'reader' })
    const news = await reader.subscribe(channel)
    const call = { channel, data: 'once', idempotency_key: 'key-1' }
    const first = await cluster.api<Position>('publish', call, 0)
    const second = await cluster.api<Position>('publish', call, 2)
    await cluster.api('publish', { channel, data: 'barrier' })
    expect(second).toEqual(first)
    expect((await news.publications.first(2)).map(({ data }) => data)).toEqual(['once', 'barrier'])
  })

  test('skip_history delivers without keeping', async () => {
    const channel = freshChannel('news')
    const reader = await cluster.client({ node: 1, user: 'reader' })
    const news = await reader.subscribe(channel)
    await cluster.api('publish', { channel, data: 'passing', skip_history: true })
    expect(await news.publications.next()).toMatchObject({ data: 'passing' })
    expect(await cluster.api('history', { channel, limit: 10 })).toMatchObject({
      publications: [],
      offset: 0,
    })
  })

  test('b64data carries bytes that are not JSON to a Protobuf client', async () => {
    const channel = freshChannel('news')
    const reader = await cluster.client({ node: 1, user: 'reader', encoding: 'protobuf' })
    const received: unknown[] = []
    const subscription = reader.sdk.newSubscription(channel)
    subscription.on('publication', ({ data }) => received.push(data))
    subscription.subscribe()
    await subscription.ready(5000)
    const bytes = Buffer.from([0, 255, 1, 254])
    await cluster.api('publish', { channel, b64data: bytes.toString('base64') })
    await waitFor('the bytes', () => received.length === 1)
    expect(Buffer.from(received[0] as Uint8Array)).toEqual(bytes)
  })
})

test('broadcast publishes to each channel and replies for each', async () => {
  const channels = [freshChannel('news'), freshChannel('news')]
  const reader = await cluster.client({ node: 2, user: 'reader' })
  const subscriptions = await Promise.all(channels.map((channel) => reader.subscribe(channel)))
  const { responses } = await cluster.api<{ responses: unknown[] }>('broadcast', {
    channels: [...channels, 'nowhere:1'],
    data: 'to all',
  })
  for (const { publications } of subscriptions) {
    expect(await publications.next()).toMatchObject({ data: 'to all', offset: 1 })
  }
  expect(responses).toMatchObject([
    { result: { offset: 1 } },
    { result: { offset: 1 } },
    { error: { code: 102 } },
  ])
})

test('subscribe, presence, presence_stats, channels, unsubscribe', async () => {
  const [user, channel] = [freshUser('alice'), freshChannel('server')]
  const client = await cluster.client({ node: 2, user })
  expect(await cluster.api('subscribe', { user, channel, info: { role: 'guest' } })).toEqual({})
  await client.next('subscribed')

  expect(await cluster.api('presence', { channel }, 1)).toEqual({
    presence: { [client.id]: { user, client: client.id, chan_info: { role: 'guest' } } },
  })
  expect(await cluster.api('presence_stats', { channel }, 1)).toEqual({ num_clients: 1, num_users: 1 })
  const { channels } = await cluster.api<{ channels: Record<string, unknown> }>('channels', {
    pattern: channel,
  })
  expect(channels).toEqual({ [channel]: { num_clients: 1 } })

  expect(await cluster.api('unsubscribe', { user, channel }, 1)).toEqual({})
  await client.next('unsubscribed')
  expect(await cluster.api('presence_stats', { channel })).toEqual({ num_clients: 0, num_users: 0 })
})

test('history in pages, and history_remove', async () => {
  const channel = freshChannel('news')
  for (const data of [1, 2, 3]) await cluster.api('publish', { channel, data })
  const page = await cluster.api<Position>('history', { channel, limit: 2 }, 1)
  expect(page).toMatchObject({
    publications: [
      { data: 1, offset: 1 },
      { data: 2, offset: 2 },
    ],
    offset: 3,
  })
  const rest = { channel, limit: 2, since: { offset: 2, epoch: page.epoch } }
  expect(await cluster.api('history', rest)).toMatchObject({ publications: [{ data: 3, offset: 3 }] })
  const newest = { channel, limit: 1, reverse: true }
  expect(await cluster.api('history', newest)).toMatchObject({ publications: [{ data: 3, offset: 3 }] })

  expect(await cluster.api('history_remove', { channel }, 2)).toEqual({})
  expect(await cluster.api('history', { channel, limit: 10 })).toMatchObject({ publications: [], offset: 3 })
  expect(await cluster.api<Position>('publish', { channel, data: 4 })).toMatchObject({ offset: 4 })
})

test('disconnect and refresh', async () => {
  const user = freshUser('alice')
  const client = await cluster.client({ node: 1, user })
  expect(await cluster.api('refresh', { user, expire_at: Math.floor(Date.now() / 1000) + 60 })).toEqual({})
  expect(await cluster.api('disconnect', { user }, 2)).toEqual({})
  expect(await client.next('disconnected')).toMatchObject({ code: 3503, reason: 'force disconnect' })
})

test('info lists every node with its numbers', async () => {
  const client = await cluster.client({ node: 1, user: freshUser('alice') })
  await client.subscribe(freshChannel('room'))
  await waitFor('the numbers of all nodes', async () => {
    const { nodes } = await cluster.api<{ nodes: Record<string, unknown>[] }>('info', {})
    const names = nodes.map(({ name }) => name).sort()
    expect(names).toEqual(['node-0', 'node-1', 'node-2'])
    for (const node of nodes)
      expect(node).toMatchObject({ uid: expect.any(String), version: expect.any(String) })
    const one = nodes.find(({ name }) => name === 'node-1')
    expect(one).toMatchObject({
      num_clients: 1,
      num_users: 1,
      num_subs: expect.any(Number),
      uptime: expect.any(Number),
    })
    return true
  })
})

test('rpc of an unknown method: error 104', async () => {
  await expect(cluster.api('rpc', { method: 'anything', params: {} })).rejects.toMatchObject({ code: 104 })
})

test('batch replies to each command in order, errors included', async () => {
  const channel = freshChannel('news')
  const { replies } = await cluster.api<{ replies: unknown[] }>('batch', {
    commands: [
      { publish: { channel, data: 1 } },
      { publish: { channel: 'nowhere:1', data: 1 } },
      { presence_stats: { channel: freshChannel('room') } },
      { history: { channel, limit: 1 } },
    ],
  })
  expect(replies).toMatchObject([
    { publish: { offset: 1 } },
    { error: { code: 102 } },
    { presence_stats: { num_clients: 0, num_users: 0 } },
    { history: { publications: [{ data: 1, offset: 1 }], offset: 1 } },
  ])
})

describe('refused', () => {
  const url = () => cluster.node(0).internalUrl
  const body = JSON.stringify({ channel: 'news:x', data: 1 })

  test.each([
    ['no key', undefined],
    ['a wrong key', 'wrong'],
    ['a key of the same length', TEST_API_KEY.replace(/.$/, 'x')],
    ['an empty key', ''],
  ])('%s: 401', async (_what, key) => {
    expect((await callRaw(url(), 'publish', body, key)).status).toBe(401)
  })

  test('a body that is no JSON: 400', async () => {
    expect((await callRaw(url(), 'publish', '{"channel":', TEST_API_KEY)).status).toBe(400)
  })

  test('an unknown method: 404', async () => {
    expect((await callRaw(url(), 'explode', '{}', TEST_API_KEY)).status).toBe(404)
  })

  test.each([
    ['publish without a channel', 'publish', { data: 1 }],
    ['publish without data', 'publish', { channel: 'news:x' }],
    ['publish to an empty channel', 'publish', { channel: '', data: 1 }],
    ['disconnect of nobody', 'disconnect', {}],
    ['history with a text as limit', 'history', { channel: 'news:x', limit: 'all' }],
  ])('%s: error 107 or status 400, with a reason', async (_what, method, params) => {
    const { status, text } = await callRaw(url(), method, JSON.stringify(params), TEST_API_KEY)
    const code = status === 200 ? (JSON.parse(text) as { error: { code: number } }).error.code : status
    expect([107, 400]).toContain(code)
    expect(text.length).toBeGreaterThan(20)
  })

  test.each([
    ['an unknown namespace', 'publish', { channel: 'nowhere:1', data: 1 }, 102],
    ['presence where it is off', 'presence', { channel: 'feed:1' }, 108],
    ['history where it is off', 'history', { channel: 'feed:1', limit: 1 }, 108],
  ])('%s', async (_what, method, params, code) => {
    await expect(cluster.api(method, params)).rejects.toMatchObject({ code })
  })

  test('the public port has no server API', async () => {
    const response = await fetch(`${cluster.node(0).publicUrl}/api/publish`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': TEST_API_KEY },
      body,
    })
    expect(response.status).toBe(404)
  })
})
