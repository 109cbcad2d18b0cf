import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { IntegrationEvent } from '../events/integration-event.ts'
import { startWorld, type World } from '../testing/world.ts'
import { BACKOFF, retryAfter } from './backoff.ts'
import { Breaker } from './breaker.ts'
import type { Listener } from './listener.ts'
import { sign, verify } from './signature.ts'
import { type Fetch, webhook } from './webhook.ts'

const backoff = { timeout: 100, first: 1000, most: 60_000, attempts: 3 }

function recorder(name: string, fail: () => boolean = () => false) {
  const heard: IntegrationEvent[] = []
  const tries: string[] = []
  const listener: Listener = {
    name,
    backoff,
    breaker: { failures: 100, rest: 1000 },
    deliver: async (event) => {
      tries.push(event.id)
      if (fail()) throw new Error('not now')
      heard.push(event)
    },
  }
  return { listener, heard, tries }
}

const settleAll = async (world: World) => {
  await world.clock.advance(0)
  for (const { chat } of world.nodes) await chat.settle()
}

describe('integration events', () => {
  test('cover messages to offline users, rooms and memberships', async () => {
    const { listener, heard } = recorder('a')
    const world = await startWorld({ listeners: [listener] })
    await settleAll(world)
    const ann = await world.person('ann')
    const bob = await world.person('bob', 1)
    await ann.send({ user: 'bob' }, 'is there')
    const { id } = await ann.send({ user: 'cy' }, 'is not')
    const room = await ann.createRoom('Tea')
    await bob.call('room.join', { room })
    bob.leave()
    await world.clock.advance(100)
    await ann.send({ room }, 'bob is gone')
    await settleAll(world)
    await ann.call('room.kick', { room, user: 'bob' })
    await settleAll(world)
    expect(heard.map(({ type }) => type)).toEqual([
      'message.offline',
      'room.created',
      'room.joined',
      'room.joined',
      'message.offline',
      'room.kicked',
    ])
    expect(heard[0]).toMatchObject({ id: `${id}:cy`, user: 'cy', message: { body: 'is not' } })
  })

  test('reach each listener independently of the others', async () => {
    const good = recorder('good')
    const bad = recorder('bad', () => true)
    const world = await startWorld({ listeners: [good.listener, bad.listener] })
    await settleAll(world)
    const ann = await world.person('ann')
    for (const body of ['1', '2']) await ann.send({ user: 'bob' }, body)
    await settleAll(world)
    expect(good.heard).toHaveLength(2)
    await world.clock.advance(30_000)
    expect(bad.tries).toHaveLength(6)
    const letters = (await world.nodes[0]?.chat.deadLetters())?.letters ?? []
    expect(letters).toMatchObject([
      { kind: 'event', listener: 'bad', reason: '3 attempts failed, the last with: not now' },
      { kind: 'event', listener: 'bad' },
    ])
  })

  test('are replayed from a dead letter to its listener only', async () => {
    let broken = true
    const good = recorder('good')
    const bad = recorder('bad', () => broken)
    const world = await startWorld({ listeners: [good.listener, bad.listener] })
    await settleAll(world)
    const ann = await world.person('ann')
    await ann.send({ user: 'bob' }, 'x')
    await world.clock.advance(30_000)
    broken = false
    const chat = world.nodes[1]?.chat
    const [letter] = (await chat?.deadLetters())?.letters ?? []
    expect(await chat?.replay(letter?.id ?? '')).toBe(true)
    expect(await chat?.replay(letter?.id ?? '')).toBe(false)
    await settleAll(world)
    expect(bad.heard).toHaveLength(1)
    expect(good.heard).toHaveLength(1)
  })

  test('that a node did not finish go to another node', async () => {
    const heard: string[] = []
    let hang = true
    const listener: Listener = {
      name: 'a',
      backoff,
      deliver: (event) => {
        if (hang) return new Promise(() => undefined)
        heard.push(event.id)
        return Promise.resolve()
      },
    }
    const world = await startWorld({ listeners: [listener] })
    await world.clock.advance(3000)
    const ann = await world.person('ann')
    await ann.send({ user: 'bob' }, 'x')
    await world.clock.advance(1000) // one node received it and hangs
    hang = false
    await world.clock.advance(5000)
    expect(heard).toHaveLength(1)
  })
})

describe('backoff', () => {
  test('doubles to a maximum, with jitter that is equal on all nodes', () => {
    const waits = [1, 2, 3, 4, 5, 20].map((deliveries) => retryAfter(BACKOFF, 'id', deliveries))
    for (const [at, base] of [1000, 2000, 4000, 8000, 16_000, 900_000].entries()) {
      expect(waits[at]).toBeGreaterThanOrEqual(5000 + base * 0.75)
      expect(waits[at]).toBeLessThanOrEqual(5000 + base)
    }
    expect(retryAfter(BACKOFF, 'id', 3)).toBe(waits[2])
    expect(
      new Set(Array.from({ length: 50 }, (_, at) => retryAfter(BACKOFF, `id${at}`, 1))).size,
    ).toBeGreaterThan(20)
  })
})

describe('a breaker', () => {
  test('opens after consecutive failures, and permits one trial after a pause', () => {
    const breaker = new Breaker({ failures: 2, rest: 1000 })
    breaker.failed(0)
    breaker.succeeded()
    breaker.failed(0)
    expect(breaker.state(0)).toBe('closed')
    breaker.failed(10)
    expect([breaker.state(10), breaker.room(10, 9)]).toEqual(['open', 0])
    expect([breaker.state(1010), breaker.room(1010, 9)]).toEqual(['half-open', 1])
    breaker.begin(1010)
    expect(breaker.room(1010, 9)).toBe(0)
    breaker.failed(1020)
    expect([breaker.state(1030), breaker.state(2020)]).toEqual(['open', 'half-open'])
    breaker.succeeded()
    expect(breaker.room(2020, 9)).toBe(9)
  })

  test('keeps events waiting while it is open', async () => {
    const { listener, tries, heard } = recorder('a', () => tries.length <= 2)
    const world = await startWorld({
      listeners: [{ ...listener, breaker: { failures: 2, rest: 10_000 } }],
      count: 1,
    })
    await settleAll(world)
    const ann = await world.person('ann')
    for (const body of ['1', '2', '3', '4']) {
      await ann.send({ user: 'bob' }, body)
      await settleAll(world)
    }
    await world.clock.advance(5000)
    expect(tries).toHaveLength(2)
    await world.clock.advance(20_000)
    expect(heard).toHaveLength(4)
  })
})

describe('webhooks', () => {
  interface Got {
    readonly headers: IncomingMessage['headers']
    readonly body: string
  }

  /** A receiver as docs/reference/chat.md describes it. */
  async function receiver(answer: (path: string) => number) {
    const got: Got[] = []
    const seen = new Set<string>()
    const server = createServer(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      const header = String(request.headers['skein-signature'])
      const genuine = await verify(SECRET, header, body, Math.floor(Date.now() / 1000))
      const id = String(request.headers['skein-event-id'])
      const status = genuine ? answer(request.url ?? '') : 401
      if (status === 200 && !seen.has(id)) got.push({ headers: request.headers, body })
      seen.add(id)
      response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())))
    return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
  }

  const SECRET = 'a secret of some length'
  const event: IntegrationEvent = { id: 'e1', at: 1, type: 'room.joined', room: 'r', user: 'ann', by: 'ann' }
  const hook = (url: string, more = {}) =>
    webhook({ name: 'hook', url, secret: SECRET, fetch: fetch as Fetch, ...more })

  test('are signed, and pass the verification of the receiver', async () => {
    const { got, url } = await receiver(() => 200)
    const listener = hook(`${url}/hook`)
    await listener.deliver(event)
    await listener.deliver(event)
    expect(got).toHaveLength(1)
    expect(JSON.parse(got[0]?.body ?? '')).toEqual(event)
    expect(got[0]?.headers).toMatchObject({
      'skein-event': 'room.joined',
      'content-type': 'application/json',
    })
  })

  test.each([302, 400, 500])(
    'with the reply %i are not acknowledged, and no redirect is followed',
    async (status) => {
      const paths: string[] = []
      const { url } = await receiver((path) => {
        paths.push(path)
        return status
      })
      await expect(hook(`${url}/hook`).deliver(event)).rejects.toThrow(`the receiver replied ${status}`)
      expect(paths).toEqual(['/hook'])
    },
  )

  test('with another secret, body or time fail verification', async () => {
    const header = await sign(SECRET, 1000, 'body')
    expect(header).toMatch(/^t=1000,v1=[0-9a-f]{64}$/)
    expect(await verify(SECRET, header, 'body', 1000)).toBe(true)
    expect(await verify(SECRET, header, 'body', 1300)).toBe(true)
    expect(await verify(SECRET, header, 'body', 1301)).toBe(false)
    expect(await verify(SECRET, header, 'body', 699)).toBe(false)
    expect(await verify(SECRET, header, 'other', 1000)).toBe(false)
    expect(await verify('another secret, longer', header, 'body', 1000)).toBe(false)
    expect(await verify(SECRET, header.replace('t=1000', 't=1001'), 'body', 1000)).toBe(false)
    expect(await verify(SECRET, 'nonsense', 'body', 1000)).toBe(false)
  })

  test('have the HMAC-SHA256 of time, dot and body, as openssl computes it', async () => {
    // echo -n '1000.body' | openssl dgst -sha256 -hmac 'a secret of some length'
    const { createHmac } = await import('node:crypto')
    const hex = createHmac('sha256', SECRET).update('1000.body').digest('hex')
    expect(await sign(SECRET, 1000, 'body')).toBe(`t=1000,v1=${hex}`)
  })

  test.each(['http://example.test/', 'ftp://localhost/', 'https://user:pw@example.test/', 'nonsense'])(
    'to %s are not configured',
    (url) => {
      expect(() => hook(url)).toThrow()
    },
  )

  test('need a secret of at least 16 characters', () => {
    expect(() =>
      webhook({ name: 'h', url: 'https://example.test/', secret: 'short', fetch: fetch as Fetch }),
    ).toThrow(/16/)
  })
})
