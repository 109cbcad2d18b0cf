import { createHmac } from 'node:crypto'
import { CloseError, ReplyError } from '@skein/core'
import jwt from 'jsonwebtoken'
import { describe, expect, it } from 'vitest'
import { signSubscriptionToken, signToken } from './sign.ts'
import { createTokenVerifier, type VerifierSettings } from './verifier.ts'

const SECRET = 'current-secret-0123456789abcdef01234567'
const PREVIOUS = 'previous-secret-0123456789abcdef0123456'
const SETTINGS: VerifierSettings = {
  tokenHmacSecret: SECRET,
  tokenHmacSecretPrevious: PREVIOUS,
  tokenAlgorithm: 'HS256',
  tokenAudience: 'skein',
  tokenIssuer: 'tests',
  tokenLength: 4096,
}
const verifier = createTokenVerifier(SETTINGS)
const now = () => Math.floor(Date.now() / 1000)
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Signs any claims, also those that jsonwebtoken would refuse to sign. */
function raw(claims: object, { secret = SECRET, alg = 'HS256', hash = 'sha256' } = {}): string {
  const body = `${part({ alg, typ: 'JWT' })}.${part({ aud: 'skein', iss: 'tests', ...claims })}`
  return `${body}.${createHmac(hash, secret).update(body).digest('base64url')}`
}

function outcome(run: () => unknown): string {
  try {
    return JSON.stringify(run())
  } catch (error) {
    if (error instanceof CloseError) return `close ${error.close.code} ${error.close.reason}`
    if (error instanceof ReplyError) return `error ${error.wire.code} ${error.wire.message}`
    throw error
  }
}

const connect = (token: string) => outcome(() => verifier.connection(token))
const subscribe = (token: string) => outcome(() => verifier.subscription(token, 'room:a', 'anna'))

describe('a connection token that is refused', () => {
  const good = raw({ sub: 'anna' })
  const [header = '', payload = '', signature = ''] = good.split('.')
  const other = part({ aud: 'skein', iss: 'tests', sub: 'root' })

  it.each([
    ['alg none', `${part({ alg: 'none' })}.${payload}.`, 'close 3500 invalid token: signature is required'],
    [
      'alg none with a signature',
      `${part({ alg: 'none' })}.${payload}.${signature}`,
      'close 3500 invalid token: invalid algorithm',
    ],
    [
      'another key',
      raw({ sub: 'a' }, { secret: 'x'.repeat(40) }),
      'close 3500 invalid token: invalid signature',
    ],
    [
      'HS512 where HS256 is pinned',
      raw({}, { alg: 'HS512', hash: 'sha512' }),
      'close 3500 invalid token: invalid algorithm',
    ],
    ['RS256 in the header only', raw({}, { alg: 'RS256' }), 'close 3500 invalid token: invalid algorithm'],
    ['tampered claims', `${header}.${other}.${signature}`, 'close 3500 invalid token: invalid signature'],
    [
      'a cut signature',
      `${header}.${payload}.${signature.slice(0, 20)}`,
      'close 3500 invalid token: invalid signature',
    ],
    ['no token at all', 'certainly not', 'close 3500 invalid token: malformed'],
    ['empty', '', 'close 3500 invalid token: must be provided'],
    ['expired', raw({ exp: now() - 60 }), 'error 109 token expired'],
    [
      'expired, signed with the previous key',
      raw({ exp: now() - 60 }, { secret: PREVIOUS }),
      'error 109 token expired',
    ],
    ['not yet valid', raw({ nbf: now() + 60 }), 'close 3500 invalid token: not active'],
    ['wrong audience', raw({ aud: 'others' }), 'close 3500 invalid token: audience invalid'],
    ['no audience', raw({ aud: undefined }), 'close 3500 invalid token: audience invalid'],
    ['wrong issuer', raw({ iss: 'others' }), 'close 3500 invalid token: issuer invalid'],
    ['16 KB', raw({ info: 'x'.repeat(12_000) }), 'close 3500 invalid token: longer than 4096 bytes'],
    ['exp as text', raw({ exp: String(now() + 60) }), 'close 3500 invalid token: invalid exp value'],
    [
      'exp in milliseconds',
      raw({ exp: Date.now() }),
      'close 3500 invalid token: claim exp must be <= 253402300799',
    ],
    ['sub as a number', raw({ sub: 42 }), 'close 3500 invalid token: claim sub must be string'],
    ['channels as text', raw({ channels: 'a' }), 'close 3500 invalid token: claim channels must be array'],
    [
      'b64info that is no JSON',
      raw({ b64info: 'bm90IGpzb24' }),
      'close 3500 invalid token: b64info holds no JSON',
    ],
    [
      'a subscription token',
      raw({ sub: 'a', channel: 'room:a' }),
      'close 3500 invalid token: a subscription token cannot connect',
    ],
  ])('%s', (_, token, expected) => {
    expect(connect(token)).toBe(expected)
  })
})

describe('a connection token that is accepted', () => {
  const until = now() + 600

  it.each([
    ['without sub: anonymous', raw({}), { user: '' }],
    ['with a list of audiences', raw({ sub: 'a', aud: ['x', 'skein'] }), { user: 'a' }],
    ['signed with the previous key', raw({ sub: 'a' }, { secret: PREVIOUS }), { user: 'a' }],
    ['within the tolerance of clocks', raw({ sub: 'a', exp: now() - 2 }), { user: 'a' }],
    ['with an end', raw({ sub: 'a', exp: until }), { user: 'a', expireAt: until }],
    [
      'whose connection ends later',
      raw({ sub: 'a', exp: until, expire_at: until + 9 }),
      { user: 'a', expireAt: until + 9 },
    ],
    ['whose connection never ends', raw({ sub: 'a', exp: until, expire_at: 0 }), { user: 'a' }],
    ['with info', raw({ sub: 'a', info: { n: [1] } }), { user: 'a', info: '{"n":[1]}' }],
    [
      'with b64info',
      raw({ sub: 'a', b64info: Buffer.from('{ "n":\n1 }').toString('base64') }),
      { user: 'a', info: '{"n":1}' },
    ],
    ['with channels', raw({ sub: 'a', channels: ['room:a'] }), { user: 'a', channels: { 'room:a': {} } }],
    [
      'with jti and meta',
      raw({ sub: 'a', jti: 'x', meta: { plan: 1 } }),
      { user: 'a', meta: { plan: 1, jti: 'x' } },
    ],
    [
      'with subs',
      raw({
        sub: 'a',
        subs: { 'room:a': { info: 1, data: null, override: { join_leave: { value: false } } } },
      }),
      { user: 'a', channels: { 'room:a': { info: '1', data: 'null', override: { joinLeave: false } } } },
    ],
  ])('%s', (_, token, credentials) => {
    const { expireAt, ...rest } = verifier.connection(token) as { expireAt?: number }
    expect({ ...rest, ...(expireAt !== undefined && expireAt >= until && { expireAt }) }).toEqual(credentials)
  })
})

describe('a subscription token', () => {
  it.each([
    ['for this channel and user', raw({ sub: 'anna', channel: 'room:a', info: 1 }), '{"info":"1"}'],
    [
      'with override',
      raw({ sub: 'anna', channel: 'room:a', override: { presence: { value: true } } }),
      '{"override":{"presence":true}}',
    ],
    [
      'for another channel',
      raw({ sub: 'anna', channel: 'room:b' }),
      'close 3500 invalid token: for another channel',
    ],
    ['that is a connection token', raw({ sub: 'anna' }), 'close 3500 invalid token: for another channel'],
    [
      'for another user',
      raw({ sub: 'ben', channel: 'room:a' }),
      'close 3500 invalid token: for another user',
    ],
    ['expired', raw({ sub: 'anna', channel: 'room:a', exp: now() - 60 }), 'error 109 token expired'],
    [
      'of another key',
      raw({ channel: 'room:a' }, { secret: 'x' }),
      'error 103 permission denied: invalid subscription token: invalid signature',
    ],
    [
      'that names a connection',
      raw({ sub: 'anna', channel: 'room:a', client: 'c' }),
      'error 103 permission denied: invalid subscription token: the claim client is not supported',
    ],
  ])('%s', (_, token, expected) => {
    expect(subscribe(token)).toBe(expected)
  })
})

describe('signing', () => {
  it('makes what the verifier accepts', () => {
    const token = signToken(SETTINGS, { user: 'anna', ttl: 60, channels: ['room:a'], info: { a: 1 } })
    expect(verifier.connection(token)).toMatchObject({
      user: 'anna',
      info: '{"a":1}',
      channels: { 'room:a': {} },
    })
    const ours = signSubscriptionToken(SETTINGS, { user: 'anna', channel: 'room:a', ttl: 60 })
    expect(verifier.subscription(ours, 'room:a', 'anna')).toHaveProperty('expireAt')
  })

  it('uses the algorithm that is configured', () => {
    const settings = { ...SETTINGS, tokenAlgorithm: 'HS512' as const, tokenHmacSecret: 's'.repeat(64) }
    const token = signToken(settings, { user: 'anna' })
    expect(jwt.decode(token, { complete: true })?.header.alg).toBe('HS512')
    expect(createTokenVerifier(settings).connection(token)).toEqual({ user: 'anna' })
  })
})
