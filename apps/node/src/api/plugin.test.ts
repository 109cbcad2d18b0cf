import { createMemoryBus } from '@skein/core'
import { describe, expect, it } from 'vitest'
import { openSocket, startTestNode, type TestClient, type TestNode } from '../testing/node.ts'

const KEY = 'skein-development-key'

interface Answer {
  readonly status: number
  readonly body: unknown
}

async function post(
  node: TestNode,
  path: string,
  body: string,
  headers: Record<string, string> = { 'x-api-key': KEY },
): Promise<Answer> {
  const response = await fetch(`${node.internalUrl}${path}`, { method: 'POST', headers, body })
  return { status: response.status, body: await response.json() }
}

/** A connection of the user with these subscriptions. */
async function user(
  node: TestNode,
  name: string,
  ...channels: string[]
): Promise<TestClient & { readonly id: string }> {
  const client = await openSocket(node.wsUrl)
  client.send({ id: 1, connect: { token: node.token({ user: name, info: { name } }) } })
  const reply = (await client.next()) as { connect: { client: string } }
  for (const [at, channel] of channels.entries()) {
    client.send({ id: at + 2, subscribe: { channel } })
    await until(client, (message) => (message as { id?: number }).id === at + 2)
  }
  return { ...client, id: reply.connect.client }
}

async function until(client: TestClient, fits: (message: unknown) => boolean): Promise<unknown> {
  for (;;) {
    const message = await client.next()
    if (fits(message)) return message
  }
}

const isPush = (kind: string) => (message: unknown) => JSON.stringify(message).includes(`"${kind}":`)

describe('the API key', () => {
  it.each([
    [{}, 401],
    [{ 'x-api-key': 'wrong' }, 401],
    [{ 'x-api-key': '' }, 401],
    [{ 'x-api-key': `${KEY}x` }, 401],
    [{ authorization: `Bearer ${KEY}` }, 401],
    [{ 'x-api-key': KEY }, 200],
    [{ authorization: `apikey ${KEY}` }, 200],
  ])('%o: %i', async (headers, status) => {
    const node = await startTestNode()
    expect((await post(node, '/api/info', '{}', headers as Record<string, string>)).status).toBe(status)
  })

  it('rejects every request if it is not configured', async () => {
    const node = await startTestNode({
      env: {
        SKEIN_ENV: 'production',
        SKEIN_TOKEN_HMAC_SECRET: '0123456789abcdef0123456789abcdef',
        SKEIN_CONFIG: new URL('../testing/namespaces.yaml', import.meta.url).pathname,
      },
    })
    const { status, body } = await post(node, '/api/info', '{}', { 'x-api-key': '' })
    expect(status).toBe(401)
    expect(body).toEqual({ error: { code: 101, message: 'the server API is off: set SKEIN_API_KEY' } })
  })
})

describe('invalid requests', () => {
  it.each([
    ['no JSON', '{', 400, 'bad request: the body is no JSON'],
    [
      'unknown fields',
      '{"channel":"room:a","data":1,"dta":2}',
      200,
      'bad request: the request has unknown fields: dta',
    ],
    ['a missing field', '{"data":1}', 200, 'bad request: the request lacks channel'],
    ['no data', '{"channel":"room:a"}', 200, 'bad request: the request lacks data'],
    ['a wrong type', '{"channel":5,"data":1}', 200, 'bad request: channel must be string'],
    ['a list', '[]', 200, 'bad request: the request must be object'],
    ['an empty body', '', 200, 'bad request: the request lacks channel'],
    [
      'data too deep',
      `{"channel":"room:a","data":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
      200,
      'bad request: data is nested too deeply',
    ],
    ['an unknown namespace', '{"channel":"nowhere:a","data":1}', 200, 'unknown channel'],
  ])('%s', async (_, body, status, message) => {
    const node = await startTestNode()
    const answer = await post(node, '/api/publish', body)
    expect(answer.status).toBe(status)
    expect(answer.body).toEqual({ error: { code: message === 'unknown channel' ? 102 : 107, message } })
  })

  it('get 413 if they are too large', async () => {
    const node = await startTestNode({ env: { SKEIN_API_MAX_BODY: '1KiB' } })
    const answer = await post(
      node,
      '/api/publish',
      JSON.stringify({ channel: 'room:a', data: 'x'.repeat(2000) }),
    )
    expect(answer).toMatchObject({ status: 413, body: { error: { code: 107 } } })
  })

  it('get 404 for an unknown method', async () => {
    const node = await startTestNode()
    expect(await post(node, '/api/', '{"method":"nothing"}')).toMatchObject({
      body: { error: { code: 104 } },
    })
    expect(await post(node, '/api/nothing', '{}')).toMatchObject({ status: 404 })
  })
})

describe('publish', () => {
  it('replies with the position and reaches subscribers', async () => {
    const node = await startTestNode()
    const client = await user(node, 'anna', 'news:a')
    const reply = await node.api('publish', { channel: 'news:a', data: { n: 1 }, tags: { lang: 'en' } })
    expect(reply).toEqual({ result: { offset: 1, epoch: expect.any(String) } })
    const push = await until(client, isPush('pub'))
    expect(push).toMatchObject({
      push: { channel: 'news:a', pub: { data: { n: 1 }, offset: 1, tags: { lang: 'en' } } },
    })
  })

  it('omits the position without history', async () => {
    const node = await startTestNode()
    expect(await node.api('publish', { channel: 'feed:a', data: null })).toEqual({ result: {} })
    expect(await node.api('publish', { channel: 'news:a', data: 1, skip_history: true })).toEqual({
      result: {},
    })
  })

  it('returns the first result for the same key', async () => {
    const node = await startTestNode()
    const publish = () => node.api('publish', { channel: 'news:a', data: 1, idempotency_key: 'k' })
    const first = await publish()
    expect(await publish()).toEqual(first)
    expect(await node.api('history', { channel: 'news:a', limit: 10 })).toMatchObject({
      result: { offset: 1 },
    })
  })

  it('keeps numbers beyond the range of a double, and the order of keys', async () => {
    const node = await startTestNode()
    const data = '{"z":12345678901234567890,"a":[1e400,-0.10000000000000000001],"__proto__":{"x":1}}'
    await node.api('publish', `{"channel":"news:a","data":${data}}`)
    const response = await fetch(`${node.internalUrl}/api/history`, {
      method: 'POST',
      headers: { 'x-api-key': KEY },
      body: '{"channel":"news:a","limit":1}',
    })
    expect(await response.text()).toContain(`"data":${data}`)
  })

  it('accepts and returns bytes as base64', async () => {
    const node = await startTestNode()
    await node.api('publish', { channel: 'news:a', b64data: '/wAB' })
    const history = await node.api('history', { channel: 'news:a', limit: 1 })
    expect(history).toMatchObject({ result: { publications: [{ b64data: '/wAB', offset: 1 }] } })
  })
})

describe('broadcast', () => {
  it('replies for each channel', async () => {
    const node = await startTestNode()
    const reply = await node.api('broadcast', { channels: ['news:a', 'nowhere:b', 'feed:c'], data: 1 })
    expect(reply).toEqual({
      result: {
        responses: [
          { result: { offset: 1, epoch: expect.any(String) } },
          { error: { code: 102, message: 'unknown channel' } },
          { result: {} },
        ],
      },
    })
  })
})

describe('history', () => {
  it('has pages in both directions', async () => {
    const node = await startTestNode()
    for (let n = 1; n <= 5; n++) await node.api('publish', { channel: 'news:a', data: n })
    const read = async (call: object) => {
      const reply = await node.api('history', { channel: 'news:a', ...call })
      const { publications, offset, epoch } = (
        reply as { result: { publications: { data: number }[]; offset: number; epoch: string } }
      ).result
      expect(epoch).not.toBe('')
      return { data: publications.map((one) => one.data), offset, epoch }
    }
    const { epoch } = await read({})
    expect(await read({})).toMatchObject({ data: [], offset: 5 })
    expect(await read({ limit: -1 })).toMatchObject({ data: [1, 2, 3, 4, 5] })
    expect(await read({ limit: 2, since: { offset: 2, epoch } })).toMatchObject({ data: [3, 4] })
    expect(await read({ limit: 2, reverse: true })).toMatchObject({ data: [5, 4] })
  })

  it('can be removed; offsets continue', async () => {
    const node = await startTestNode()
    await node.api('publish', { channel: 'news:a', data: 1 })
    expect(await node.api('history_remove', { channel: 'news:a' })).toEqual({ result: {} })
    expect(await node.api('history', { channel: 'news:a', limit: -1 })).toMatchObject({
      result: { publications: [], offset: 1 },
    })
  })

  it('is not available without history', async () => {
    const node = await startTestNode()
    expect(await node.api('history', { channel: 'feed:a' })).toMatchObject({ error: { code: 108 } })
  })
})

describe('presence', () => {
  it('lists connections, users and their info', async () => {
    const node = await startTestNode()
    const anna = await user(node, 'anna', 'room:a')
    const again = await user(node, 'anna', 'room:a')
    expect(await node.api('presence', { channel: 'room:a' })).toEqual({
      result: {
        presence: {
          [anna.id]: { user: 'anna', client: anna.id, conn_info: { name: 'anna' } },
          [again.id]: { user: 'anna', client: again.id, conn_info: { name: 'anna' } },
        },
      },
    })
    const stats = await node.api('presence_stats', { channel: 'room:a' })
    expect(stats).toEqual({ result: { num_clients: 2, num_users: 1 } })
    expect(await node.api('presence', { channel: 'feed:a' })).toMatchObject({ error: { code: 108 } })
  })
})

describe('users on any node', () => {
  async function two() {
    const bus = createMemoryBus()
    const [near, far] = await Promise.all([startTestNode({ bus }), startTestNode({ bus })])
    return { near, far, client: await user(far, 'anna') }
  }

  it('are subscribed and unsubscribed', async () => {
    const { near, client } = await two()
    expect(await near.api('subscribe', { user: 'anna', channel: 'news:a', client: '', session: '' })).toEqual(
      { result: {} },
    )
    expect(await until(client, isPush('subscribe'))).toMatchObject({ push: { channel: 'news:a' } })
    await near.api('publish', { channel: 'news:a', data: 1 })
    await until(client, isPush('pub'))
    expect(await near.api('unsubscribe', { user: 'anna', channel: 'news:a' })).toEqual({ result: {} })
    expect(await until(client, isPush('unsubscribe'))).toMatchObject({
      push: { unsubscribe: { code: 2000 } },
    })
  })

  it('are disconnected with a code, except for the whitelist', async () => {
    const { near, far, client } = await two()
    const kept = await user(far, 'anna')
    const disconnect = { code: 4500, reason: 'enough' }
    await near.api('disconnect', { user: 'anna', whitelist: [kept.id], disconnect })
    expect(await client.closed).toEqual(disconnect)
    await near.api('disconnect', { user: 'anna' })
    expect(await kept.closed).toEqual({ code: 3503, reason: 'force disconnect' })
  })

  it('are refreshed', async () => {
    const { near, client } = await two()
    const expireAt = Math.floor(Date.now() / 1000) + 3600
    expect(await near.api('refresh', { user: 'anna', expire_at: expireAt })).toEqual({ result: {} })
    expect(await until(client, isPush('refresh'))).toMatchObject({ push: { refresh: { expires: true } } })
    await near.api('refresh', { user: 'anna', expired: true })
    expect(await client.closed).toMatchObject({ code: 3005 })
  })
})

describe('the cluster', () => {
  it('is described by its nodes and channels', async () => {
    const bus = createMemoryBus()
    const [near, far] = await Promise.all([startTestNode({ bus }), startTestNode({ bus })])
    await user(far, 'anna', 'room:a', 'news:b')
    const info = (await near.api('info')) as { result: { nodes: { uid: string; num_clients: number }[] } }
    expect(info.result.nodes.map(({ uid }) => uid).sort()).toEqual([near.node.uid, far.node.uid].sort())
    expect(info.result.nodes[0]).toMatchObject({
      name: 'test',
      version: expect.any(String),
      num_subs: expect.any(Number),
    })
    const rooms = await near.api('channels', { pattern: 'room:*' })
    expect(rooms).toEqual({ result: { channels: { 'room:a': { num_clients: 1 } } } })
  })
})

describe('rpc', () => {
  it('calls methods of the application', async () => {
    const rpc = new Map([['double', (params: unknown) => ({ n: (params as { n: number }).n * 2 })]])
    const node = await startTestNode({ rpc })
    expect(await node.api('rpc', { method: 'double', params: { n: 21 } })).toEqual({
      result: { data: { n: 42 } },
    })
    expect(await node.api('rpc', { method: 'halve' })).toMatchObject({ error: { code: 104 } })
  })

  it('replies with an internal error if a method throws, and logs the error', async () => {
    const lines: string[] = []
    const rpc = new Map([['break', () => Promise.reject(new Error('the details'))]])
    const node = await startTestNode({ rpc, onLog: (line) => lines.push(line) })
    expect(await node.api('rpc', { method: 'break' })).toEqual({
      error: { code: 100, message: 'internal server error' },
    })
    expect(lines.join('')).toContain('the details')
  })

  it('is not available without methods of the application', async () => {
    const node = await startTestNode({ env: { SKEIN_CHAT: 'false' } })
    expect(await node.api('rpc', { method: 'any' })).toMatchObject({ error: { code: 108 } })
  })
})

describe('batch', () => {
  const commands = [
    { publish: { channel: 'news:a', data: 1 } },
    { publish: { channel: 'nowhere:a', data: 1 } },
    { nothing: {} },
    {},
    { history: { channel: 'news:a', limit: 1 } },
  ]

  it.each([true, false])('replies in the order of the commands, parallel %s', async (parallel) => {
    const node = await startTestNode()
    expect(await node.api('batch', { commands, parallel })).toMatchObject({
      replies: [
        { publish: { offset: 1 } },
        { error: { code: 102 } },
        { error: { code: 104 } },
        { error: { code: 107 } },
        { history: { publications: parallel ? expect.any(Array) : [{ data: 1, offset: 1 }] } },
      ],
    })
  })

  it('rejects a request that is no batch', async () => {
    const node = await startTestNode()
    expect(await node.api('batch', { commands: 'all' })).toMatchObject({ error: { code: 107 } })
  })
})

describe('POST /api with a method', () => {
  it('equals the request to the path of the method', async () => {
    const node = await startTestNode()
    const { body } = await post(node, '/api', '{"method":"publish","params":{"channel":"news:a","data":1}}')
    expect(body).toMatchObject({ result: { offset: 1 } })
  })
})

describe('a cluster out of reach', () => {
  it('is a temporary error', async () => {
    const bus = createMemoryBus()
    const node = await startTestNode({ bus })
    bus.cut()
    expect(await node.api('publish', { channel: 'news:a', data: 1 })).toMatchObject({ error: { code: 100 } })
    bus.heal()
    expect(await node.api('publish', { channel: 'news:a', data: 1 })).toMatchObject({ result: { offset: 1 } })
  })
})

describe('OpenAPI', () => {
  it('describes every method from the schemas that check it', async () => {
    const node = await startTestNode()
    const document = (await (await fetch(`${node.internalUrl}/docs/json`)).json()) as {
      paths: Record<string, { post?: object }>
    }
    const described = Object.entries(document.paths).filter(([, { post: method }]) => method !== undefined)
    expect(
      described
        .map(([path]) => path.replace('/api/', ''))
        .filter((name) => name !== '')
        .sort(),
    ).toEqual([
      'batch',
      'broadcast',
      'channels',
      'disconnect',
      'drain',
      'history',
      'history_remove',
      'info',
      'presence',
      'presence_stats',
      'publish',
      'refresh',
      'rpc',
      'subscribe',
      'undrain',
      'unsubscribe',
    ])
    expect(JSON.stringify(document.paths['/api/publish'])).toContain('idempotency_key')
    expect((await fetch(`${node.internalUrl}/docs`)).status).toBe(200)
  })
})
