import { createHmac } from 'node:crypto'
import { CloseError, ReplyError } from '@skein/core'
import jwt from 'jsonwebtoken'
import { describe, expect, it } from 'vitest'
import type { HmacAlgorithm } from './keys.ts'
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
const UNSAFE_SUB =
  'close 3500 invalid token: claim sub has control characters, bidi controls or lone surrogates'
const now = () => Math.floor(Date.now() / 1000)
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const HEADER = { alg: 'HS256', typ: 'JWT' }

/** Signs any claims, also invalid ones. */
function raw(claims: object, { secret = SECRET, alg = 'HS256', hash = 'sha256' } = {}): string {
  return bare(`${part({ ...HEADER, alg })}.${part({ aud: 'skein', iss: 'tests', ...claims })}`, secret, hash)
}

/** Signs any text. */
function bare(body: string, secret = SECRET, hash = 'sha256'): string {
  return `${body}.${createHmac(hash, secret).update(body).digest('base64url')}`
}

/** Another text for the same bytes: it sets the unused bits of the last character. */
function respelled(token: string): string {
  const next = {
    A: 'B',
    E: 'F',
    I: 'J',
    M: 'N',
    Q: 'R',
    U: 'V',
    Y: 'Z',
    c: 'd',
    g: 'h',
    k: 'l',
    o: 'p',
    s: 't',
    w: 'x',
  }
  const last = token.slice(-1)
  return token.slice(0, -1) + ({ ...next, 0: '1', 4: '5', 8: '9' } as Record<string, string>)[last]
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

describe('an invalid connection token', () => {
  const good = raw({ sub: 'anna' })
  const [header = '', payload = '', signature = ''] = good.split('.')
  const other = part({ aud: 'skein', iss: 'tests', sub: 'root' })
  const critical = (crit: unknown) => bare(`${part({ ...HEADER, b64: true, exp: 1, crit })}.${payload}`)

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
    ['a padded signature', `${good}=`, 'close 3500 invalid token: malformed'],
    ['a longer signature', `${good}A`, 'close 3500 invalid token: invalid signature'],
    ['a line end', `${good}\n`, 'close 3500 invalid token: malformed'],
    ['a signature spelled otherwise', respelled(good), 'close 3500 invalid token: invalid signature'],
    ['no secret', raw({}, { secret: '' }), 'close 3500 invalid token: invalid signature'],
    ['no token at all', 'certainly not', 'close 3500 invalid token: malformed'],
    ['two parts', `${header}.${payload}`, 'close 3500 invalid token: malformed'],
    ['four parts', bare(`${header}.${payload}.${payload}`), 'close 3500 invalid token: malformed'],
    ['padded claims', bare(`${header}.${payload}=`), 'close 3500 invalid token: malformed'],
    ['a space before it', bare(` ${header}.${payload}`), 'close 3500 invalid token: malformed'],
    [
      'a header that is a list',
      bare(`${part(['HS256'])}.${payload}`),
      'close 3500 invalid token: invalid algorithm',
    ],
    ['a header that is null', bare(`${part(null)}.${payload}`), 'close 3500 invalid token: malformed'],
    ['claims that are no JSON', bare(`${header}.${payload.slice(4)}`), 'close 3500 invalid token: malformed'],
    ['claims that are a list', bare(`${header}.${part([])}`), 'close 3500 invalid token: no claims'],
    ['claims that are null', bare(`${header}.${part(null)}`), 'close 3500 invalid token: no claims'],
    ['claims that are text', bare(`${header}.${part('sub')}`), 'close 3500 invalid token: no claims'],
    ['a critical extension', critical(['b64']), 'close 3500 invalid token: invalid crit header'],
    ['a critical claim', critical(['exp']), 'close 3500 invalid token: invalid crit header'],
    ['nothing that is critical', critical([]), 'close 3500 invalid token: invalid crit header'],
    ['crit as text', critical('b64'), 'close 3500 invalid token: invalid crit header'],
    ['empty', '', 'close 3500 invalid token: must be provided'],
    ['expired', raw({ exp: now() - 60 }), 'error 109 token expired'],
    [
      'expired, signed with the previous key',
      raw({ exp: now() - 60 }, { secret: PREVIOUS }),
      'error 109 token expired',
    ],
    ['expired, without an audience', raw({ exp: now() - 60, aud: undefined }), 'error 109 token expired'],
    [
      'expired, of another key',
      raw({ exp: now() - 60 }, { secret: 'x'.repeat(40) }),
      'close 3500 invalid token: invalid signature',
    ],
    ['not yet valid', raw({ nbf: now() + 60 }), 'close 3500 invalid token: not active'],
    ['valid after all dates', raw({ nbf: 1e13 }), 'close 3500 invalid token: exp or nbf is no date'],
    ['expired before all dates', raw({ exp: -1e13 }), 'close 3500 invalid token: exp or nbf is no date'],
    ['wrong audience', raw({ aud: 'others' }), 'close 3500 invalid token: audience invalid'],
    ['wrong audiences', raw({ aud: ['others', 'skei'] }), 'close 3500 invalid token: audience invalid'],
    ['an empty list of audiences', raw({ aud: [] }), 'close 3500 invalid token: audience invalid'],
    ['no audience', raw({ aud: undefined }), 'close 3500 invalid token: audience invalid'],
    ['audience null', raw({ aud: null }), 'close 3500 invalid token: audience invalid'],
    ['wrong issuer', raw({ iss: 'others' }), 'close 3500 invalid token: issuer invalid'],
    ['no issuer', raw({ iss: undefined }), 'close 3500 invalid token: issuer invalid'],
    ['a list of issuers', raw({ iss: ['tests'] }), 'close 3500 invalid token: issuer invalid'],
    ['16 KB', raw({ info: 'x'.repeat(12_000) }), 'close 3500 invalid token: longer than 4096 bytes'],
    ['exp as text', raw({ exp: String(now() + 60) }), 'close 3500 invalid token: invalid exp value'],
    ['exp as null', raw({ exp: null }), 'close 3500 invalid token: invalid exp value'],
    ['exp as a list', raw({ exp: [now() + 60] }), 'close 3500 invalid token: invalid exp value'],
    ['nbf as text', raw({ nbf: String(now()) }), 'close 3500 invalid token: invalid nbf value'],
    ['nbf as null', raw({ nbf: null }), 'close 3500 invalid token: invalid nbf value'],
    [
      'exp in milliseconds',
      raw({ exp: Date.now() }),
      'close 3500 invalid token: claim exp must be <= 253402300799',
    ],
    ['sub as a number', raw({ sub: 42 }), 'close 3500 invalid token: claim sub must be string'],
    ['sub with a line break', raw({ sub: 'a\nb' }), UNSAFE_SUB],
    ['sub with NUL', raw({ sub: 'a\0' }), UNSAFE_SUB],
    ['sub with a C1 control', raw({ sub: 'a\u0085' }), UNSAFE_SUB],
    ['sub with a bidi override', raw({ sub: 'a\u202eb' }), UNSAFE_SUB],
    ['sub with a bidi isolate', raw({ sub: 'a\u2066b' }), UNSAFE_SUB],
    ['sub with a lone surrogate', raw({ sub: 'a\ud800' }), UNSAFE_SUB],
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

describe('a verifier', () => {
  it.each<[HmacAlgorithm, string, (token: string) => string]>([
    ['HS384', 'sha384', (token) => `${token}A`],
    ['HS512', 'sha512', respelled],
  ])('of %s accepts one text of a signature only', (alg, hash, spell) => {
    const settings = { ...SETTINGS, tokenAlgorithm: alg }
    const token = raw({ sub: 'anna' }, { alg, hash })
    expect(createTokenVerifier(settings).connection(token)).toEqual({ user: 'anna' })
    expect(outcome(() => createTokenVerifier(settings).connection(spell(token)))).toBe(
      'close 3500 invalid token: invalid signature',
    )
  })

  it('compares audience and issuer as text', () => {
    const pattern = createTokenVerifier({ ...SETTINGS, tokenAudience: 's.*', tokenIssuer: '.*' })
    expect(outcome(() => pattern.connection(raw({ iss: '.*' })))).toContain('audience invalid')
    expect(outcome(() => pattern.connection(raw({ aud: 's.*' })))).toContain('issuer invalid')
    expect(pattern.connection(raw({ aud: 's.*', iss: '.*' }))).toEqual({ user: '' })
  })

  it('without audience and issuer accepts any', () => {
    const any = createTokenVerifier({ ...SETTINGS, tokenAudience: '', tokenIssuer: '' })
    expect(any.connection(raw({ sub: 'a', aud: [1], iss: undefined }))).toEqual({ user: 'a' })
  })

  it('without a key rejects every token', () => {
    const none = createTokenVerifier({ ...SETTINGS, tokenHmacSecret: '', tokenHmacSecretPrevious: '' })
    for (const token of [raw({}, { secret: '' }), `${part({ alg: 'none' })}.${part({})}.`]) {
      expect(outcome(() => none.connection(token))).toBe('close 3500 invalid token: no key is configured')
    }
  })
})

describe('a valid connection token', () => {
  const until = now() + 600

  it.each([
    ['without sub: anonymous', raw({}), { user: '' }],
    ['with letters of any script', raw({ sub: 'Anna é 😀 می‌خواهم' }), { user: 'Anna é 😀 می‌خواهم' }],
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
  it('makes tokens that the verifier accepts', () => {
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
    expect(jwt.decode(token, { complete: true })).toMatchObject({ header: { alg: 'HS512' } })
    expect(createTokenVerifier(settings).connection(token)).toEqual({ user: 'anna' })
  })

  it('adds `iat`, and `exp` for a ttl', () => {
    const before = now()
    const { iat, ...claims } = jwt.decode(signToken(SETTINGS, { user: 'anna' })) as { iat: number }
    expect(claims).toEqual({ sub: 'anna', aud: 'skein', iss: 'tests' })
    expect(iat).toBeGreaterThanOrEqual(before)
    const ends = jwt.decode(signToken(SETTINGS, { user: 'anna', ttl: 60 })) as {
      iat: number
      exp: number
    }
    expect(ends.exp).toBe(ends.iat + 60)
  })

  it.each([1.5, Number.NaN, Number.POSITIVE_INFINITY])('rejects a ttl of %d seconds', (ttl) => {
    expect(() => signToken(SETTINGS, { user: 'anna', ttl })).toThrow('ttl must be whole seconds')
  })
})
