/**
 * Every invalid input is rejected with the protocol's code and a plain reason, is counted, and does not
 * disturb another client of the same node.
 */
import { createHmac } from 'node:crypto'
import type { Encoding } from '@skein/protocol'
import {
  type Closed,
  ENCODINGS,
  freshChannel,
  inSeconds,
  RawClient,
  type Sample,
  scrape,
  signToken,
  startCluster,
  TEST_SECRET,
  type TestCluster,
  type TestSubscription,
  total,
  waitFor,
} from '@skein/testkit'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'

const AUDIENCE = 'skein-tests'
const MAX_FRAME = 65_536
const MAX_CHANNELS = 5

let cluster: TestCluster
beforeAll(async () => {
  cluster = await startCluster({
    nodes: 1,
    env: {
      SKEIN_TOKEN_AUDIENCE: AUDIENCE,
      SKEIN_SUBSCRIPTIONS_PER_CONNECTION: String(MAX_CHANNELS),
      SKEIN_STALE_TIMEOUT: '400ms',
    },
  })
})
afterAll(() => cluster.stop())

const token = (sub = 'mallory') => signToken({ sub, aud: AUDIENCE })
const metrics = (): Promise<readonly Sample[]> => scrape(cluster.node(0).internalUrl)
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)
const text = (value: string): Uint8Array => new TextEncoder().encode(value)

/** Another client of the node, which must receive the next publication in any case. */
async function bystander(encoding: Encoding): Promise<TestSubscription> {
  const client = await cluster.client({ encoding, token: token('bystander'), name: 'the bystander' })
  return client.subscribe(freshChannel('room'))
}

async function undisturbed(subscription: TestSubscription): Promise<void> {
  const count = subscription.publications.all.length
  await subscription.publish('still here')
  await subscription.publications.first(count + 1)
  expect(subscription.events.all.map(({ type }) => type)).toEqual(['subscribing', 'subscribed'])
}

async function connected(encoding: Encoding): Promise<RawClient> {
  const client = await cluster.raw({ encoding })
  expect(await client.request('connect', { token: token() })).toMatchObject({ verb: 'connect' })
  return client
}

/** Input that `ws` rejects itself, counted by its own codes. */
const SOCKET_ERRORS: Readonly<Record<number, string>> = {
  1007: 'WS_ERR_INVALID_UTF8',
  1009: 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH',
}

async function closesCounted(code: number): Promise<number> {
  const socketError = SOCKET_ERRORS[code]
  return socketError === undefined
    ? total(await metrics(), 'skein_connections_closed_total', { code: String(code), by: 'server' })
    : total(await metrics(), 'skein_socket_errors_total', { code: socketError })
}

/** Runs `harm` and expects the close, counted, with the bystander undisturbed. */
async function closes(
  encoding: Encoding,
  code: number,
  reason: RegExp,
  harm: () => Promise<Closed>,
): Promise<void> {
  const other = await bystander(encoding)
  const counted = () => closesCounted(code)
  const before = await counted()
  const closed = await harm()
  expect(closed.code).toBe(code)
  expect(closed.reason).toMatch(reason)
  await waitFor(`the close with ${code} to be counted`, async () => (await counted()) === before + 1)
  await undisturbed(other)
}

/** A frame that is no command, first from a new connection and then from a connected client. */
const MALFORMED: Record<Encoding, readonly (readonly [what: string, frame: Uint8Array])[]> = {
  json: [
    ['an empty frame', text('')],
    ['no JSON', text('hello')],
    ['half a JSON', text('{"id":1,"connect":{')],
    ['a number', text('42')],
    ['an array', text('[{"id":1,"connect":{}}]')],
    ['null', text('null')],
    ['an unknown verb', text('{"id":1,"explode":{}}')],
    ['an id that is a text', text('{"id":"1","connect":{}}')],
    ['a negative id', text('{"id":-1,"connect":{}}')],
    ['an id beyond 32 bits', text('{"id":4294967296,"connect":{}}')],
    ['a connect without id', text('{"connect":{}}')],
    ['a request that is a text', text('{"id":1,"connect":"please"}')],
    ['a field of the wrong type', text('{"id":1,"connect":{"token":7}}')],
    [
      'a hundred thousand brackets',
      text(`{"id":1,"connect":{"data":${'['.repeat(30_000)}${']'.repeat(30_000)}`),
    ],
  ],
  protobuf: [
    ['an empty frame', bytes()],
    ['a length beyond the frame', bytes(200, 1, 8, 1)],
    ['a length without end', bytes(255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255)],
    ['half a message', bytes(4, 8, 1, 34, 9)],
    ['an unknown wire type', bytes(2, 15, 1)],
    ['an unknown verb', bytes(5, 8, 1, 250, 1, 0)],
    ['a connect without id', bytes(2, 34, 0)],
    ['a token that is not UTF-8', bytes(7, 8, 1, 34, 3, 10, 1, 255)],
    ['JSON', text('{"id":1,"connect":{}}')],
  ],
}

describe.each(ENCODINGS)('%s', (encoding) => {
  describe('a frame that is no command: 3501', () => {
    test.each(MALFORMED[encoding])('%s, from a new connection', async (_what, frame) => {
      await closes(encoding, 3501, /^bad request: .+/, async () => {
        const client = await cluster.raw({ encoding })
        client.sendBytes(frame)
        return client.close()
      })
    })

    test.each(MALFORMED[encoding])('%s, from a connected client', async (_what, frame) => {
      await closes(encoding, 3501, /^bad request: .+/, async () => {
        const client = await connected(encoding)
        client.sendBytes(frame)
        return client.close()
      })
    })
  })

  describe('a command out of order: 3501', () => {
    test('a command before connect', async () => {
      await closes(encoding, 3501, /before connect/, async () => {
        const client = await cluster.raw({ encoding })
        client.sendCommand({ id: 1, verb: 'subscribe', request: { channel: 'room:1' } })
        return client.close()
      })
    })

    test('a second connect', async () => {
      await closes(encoding, 3501, /connect/, async () => {
        const client = await connected(encoding)
        client.sendCommand({ id: 2, verb: 'connect', request: { token: token() } })
        return client.close()
      })
    })

    test('a connect without a token', async () => {
      await closes(encoding, 3501, /token/, async () => {
        const client = await cluster.raw({ encoding })
        client.sendCommand({ id: 1, verb: 'connect', request: {} })
        return client.close()
      })
    })

    test('a pong without a ping', async () => {
      await closes(encoding, 3501, /pong/, async () => {
        const client = await connected(encoding)
        client.sendCommand({ id: 0, verb: 'pong' })
        return client.close()
      })
    })

    test('a subscribe to an empty channel', async () => {
      await closes(encoding, 3501, /channel/, async () => {
        const client = await connected(encoding)
        client.sendCommand({ id: 2, verb: 'subscribe', request: { channel: '' } })
        return client.close()
      })
    })
  })

  test('a silent connection: 3502', async () => {
    await closes(encoding, 3502, /stale/, async () => (await cluster.raw({ encoding })).close())
  })

  test('a frame larger than 64 KiB: 1009', async () => {
    await closes(encoding, 1009, /too large/, async () => {
      const client = await connected(encoding)
      client.sendBytes(new Uint8Array(MAX_FRAME + 1).fill(32))
      return client.close()
    })
  })

  test('a frame of exactly 64 KiB passes', async () => {
    const client = await connected(encoding)
    const channel = freshChannel('room')
    await client.request('subscribe', { channel })
    const empty = frameLength(encoding, channel, '""')
    const data = `"${'x'.repeat(MAX_FRAME - empty)}"`
    expect(frameLength(encoding, channel, data)).toBeLessThanOrEqual(MAX_FRAME)
    expect(await client.request('publish', { channel, data })).toMatchObject({ verb: 'publish' })
  })

  test('a frame of the other kind: 3506', async () => {
    await closes(encoding, 3506, /frame/, async () => {
      const client = await connected(encoding)
      client.sendBytes(text('{"id":2,"rpc":{"method":"x"}}'), encoding === 'json')
      return client.close()
    })
  })

  test('a repeated id: 3501', async () => {
    await closes(encoding, 3501, /id 7 was used before/, async () => {
      const client = await connected(encoding)
      client.sendCommand({ id: 7, verb: 'presence_stats', request: { channel: 'nowhere:1' } })
      client.sendCommand({ id: 7, verb: 'presence_stats', request: { channel: 'nowhere:2' } })
      return client.close()
    })
  })

  describe('channel names', () => {
    test.each([
      ['too long', `room:${'x'.repeat(251)}`, 107, /longer than 255/],
      ['with a space', 'room:a b', 107, /ASCII/],
      ['not ASCII', 'room:ä', 107, /ASCII/],
      ['with a control character', 'room:\u0000', 107, /ASCII/],
      ['outside every namespace', 'nowhere:1', 102, /unknown channel/],
      ['without a namespace', 'plain', 102, /unknown channel/],
      ['named like a property of every object', '__proto__:1', 102, /unknown channel/],
    ])('%s', async (_what, channel, code, message) => {
      const other = await bystander(encoding)
      const client = await connected(encoding)
      const counted = async () => total(await metrics(), 'skein_commands_total', { error: String(code) })
      const before = await counted()
      const verbs = ['subscribe', 'publish', 'presence', 'history'] as const
      for (const verb of verbs) {
        const reply = await client.request(verb, { channel, data: '1' })
        expect([verb, reply]).toMatchObject([
          verb,
          { error: { code, message: expect.stringMatching(message) } },
        ])
      }
      expect(await counted()).toBe(before + verbs.length)
      await undisturbed(other)
    })

    test('the longest name passes', async () => {
      const client = await connected(encoding)
      const channel = `room:${'y'.repeat(250)}`
      expect(await client.request('subscribe', { channel })).toMatchObject({ verb: 'subscribe' })
    })
  })

  test('too many subscriptions: error 106', async () => {
    const other = await bystander(encoding)
    const client = await connected(encoding)
    // The personal channel counts, too.
    const replies: string[] = []
    for (let count = 0; count < MAX_CHANNELS; count++) {
      replies.push((await client.request('subscribe', { channel: freshChannel('room') })).verb)
    }
    expect(replies).toEqual([...Array.from({ length: MAX_CHANNELS - 1 }, () => 'subscribe'), 'error'])
    const refused = await client.request('subscribe', { channel: freshChannel('room') })
    expect(refused).toMatchObject({ error: { code: 106, message: expect.stringContaining('limit') } })
    await undisturbed(other)
  })

  test('a token with more channels than the limit: 3505', async () => {
    const channels = Array.from({ length: MAX_CHANNELS + 1 }, () => freshChannel('server'))
    await closes(encoding, 3505, /channel limit/, async () => {
      const client = await cluster.raw({ encoding })
      const request = { token: signToken({ sub: 'mallory', aud: AUDIENCE, channels }) }
      client.sendCommand({ id: 1, verb: 'connect', request })
      return client.close()
    })
  })

  describe('tokens', () => {
    const valid = signToken({ sub: 'mallory', aud: AUDIENCE })

    test('expired: error 109', async () => {
      const other = await bystander(encoding)
      const before = total(await metrics(), 'skein_commands_total', { error: '109' })
      const client = await cluster.raw({ encoding })
      const expired = signToken({ sub: 'mallory', aud: AUDIENCE, exp: inSeconds(-60) })
      const reply = await client.request('connect', { token: expired })
      expect(reply).toMatchObject({ error: { code: 109, message: expect.stringContaining('expired') } })
      expect(total(await metrics(), 'skein_commands_total', { error: '109' })).toBe(before + 1)
      await undisturbed(other)
    })

    test.each([
      ['tampered claims', tampered(valid)],
      [
        'another secret',
        signToken({ sub: 'mallory', aud: AUDIENCE }, 'another-secret-0123456789-0123456789'),
      ],
      ['alg none', unsigned({ sub: 'mallory', aud: AUDIENCE })],
      ['another algorithm than the configured one', signed('HS512', { sub: 'mallory', aud: AUDIENCE })],
      ['the wrong audience', signToken({ sub: 'mallory', aud: 'somebody-else' })],
      ['no audience', signToken({ sub: 'mallory' })],
      ['not yet valid', signToken({ sub: 'mallory', aud: AUDIENCE, nbf: inSeconds(3600) })],
      ['no JWT', 'hello'],
      ['three dots', '...'],
      ['16 KB long', signToken({ sub: 'mallory', aud: AUDIENCE, info: 'x'.repeat(16_384) })],
      ['a subscription token', signToken({ sub: 'mallory', aud: AUDIENCE, channel: 'room:1' })],
    ])('%s: 3500', async (_what, bad) => {
      await closes(encoding, 3500, /^invalid token: .+/, async () => {
        const client = await cluster.raw({ encoding })
        client.sendCommand({ id: 1, verb: 'connect', request: { token: bad } })
        return client.close()
      })
    })

    test.each([
      ['in the query', (url: string) => ({ url: `${url}?token=${tampered(valid)}` })],
      ['in the header', (url: string) => ({ url, headers: { authorization: `Bearer ${tampered(valid)}` } })],
    ])('an invalid one %s is rejected with 401 before the upgrade', async (_where, options) => {
      const refused = RawClient.open({ encoding, ...options(cluster.wsUrl()) })
      await expect(refused).rejects.toThrow('401')
    })

    test.each([
      ['in the query', (url: string) => ({ url: `${url}?token=${valid}` })],
      ['in the header', (url: string) => ({ url, headers: { authorization: `Bearer ${valid}` } })],
    ])('a valid one %s needs none in connect', async (_where, options) => {
      const client = await RawClient.open({ encoding, ...options(cluster.wsUrl()) })
      onTestFinished(() => client.terminate())
      expect(await client.request('connect', {})).toMatchObject({ verb: 'connect' })
    })
  })
})

test('invalid UTF-8 in a text frame: 1007', async () => {
  await closes('json', 1007, /UTF-8/, async () => {
    const client = await connected('json')
    client.sendBytes(bytes(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d), false)
    return client.close()
  })
})

test('an Origin that is not listed is rejected with 403 before the upgrade', async () => {
  const refused = RawClient.open({ url: cluster.wsUrl(), headers: { origin: 'https://evil.example' } })
  await expect(refused).rejects.toThrow('403')
})

test('no token is ever logged', async () => {
  const secret = signToken({ sub: 'looked-for-in-the-log', aud: AUDIENCE })
  const client = await RawClient.open({ url: `${cluster.wsUrl()}?token=${secret}` })
  await client.request('connect', { token: secret })
  client.terminate()
  await RawClient.open({ url: `${cluster.wsUrl()}?token=${tampered(secret)}` }).catch(() => undefined)
  await scrape(cluster.node(0).internalUrl)
  expect(cluster.node(0).logs()).not.toContain(secret.slice(0, 30))
})

function frameLength(encoding: Encoding, channel: string, data: string): number {
  const inner = channel.length + data.length
  return encoding === 'json'
    ? inner + '{"publish":{"channel":"","data":},"id":1000000000}'.length
    : inner + 40
}

/** The same signature under other claims. */
function tampered(valid: string): string {
  const [header, , signature] = valid.split('.')
  return [header, base64({ sub: 'admin', aud: AUDIENCE }), signature].join('.')
}

function unsigned(claims: object): string {
  return `${base64({ alg: 'none', typ: 'JWT' })}.${base64(claims)}.`
}

function signed(alg: 'HS512', claims: object): string {
  const head = `${base64({ alg, typ: 'JWT' })}.${base64(claims)}`
  return `${head}.${createHmac('sha512', TEST_SECRET).update(head).digest('base64url')}`
}

function base64(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
