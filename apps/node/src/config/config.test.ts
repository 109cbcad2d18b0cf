import { describe, expect, it } from 'vitest'
import { type ConfigSources, parseConfig } from './config.ts'
import { DEV_API_KEY, DEV_CHANNELS, DEV_SECRET } from './development.ts'
import { printConfig } from './print.ts'
import { ConfigError, type Problem } from './problem.ts'

const SECRET = '0123456789abcdef0123456789abcdef'
const PRODUCTION = { SKEIN_TOKEN_HMAC_SECRET: SECRET, SKEIN_CONFIG: 'namespaces.yaml' }
const DEVELOPMENT = { SKEIN_ENV: 'development' }

function parse(env: ConfigSources['env'], file = 'namespaces: {}') {
  return parseConfig({ env, readFile: () => file })
}

function problems(env: ConfigSources['env'], file?: string): readonly Problem[] {
  try {
    parse(env, file)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

const where = (env: ConfigSources['env'], file?: string) => problems(env, file).map((one) => one.where)

describe('development', () => {
  it('requires no setting, and supplies public secrets and the default namespaces', () => {
    const config = parse(DEVELOPMENT)
    expect(config).toMatchObject({ tokenHmacSecret: DEV_SECRET, apiKey: DEV_API_KEY, port: 8080 })
    expect(config.channels).toBe(DEV_CHANNELS)
    expect(Object.isFrozen(config)).toBe(true)
  })

  it('treats an empty variable as absent', () => {
    expect(parse({ ...DEVELOPMENT, SKEIN_PORT: '', SKEIN_REDIS_URL: '' }).port).toBe(8080)
  })
})

describe('kinds', () => {
  it.each([
    ['SKEIN_PING_INTERVAL', '30s', 'pingInterval', 30_000],
    ['SKEIN_PONG_TIMEOUT', '750ms', 'pongTimeout', 750],
    ['SKEIN_DRAIN_WINDOW', '1.5m', 'drainWindow', 90_000],
    ['SKEIN_DRAIN_WINDOW', '0', 'drainWindow', 0],
    ['SKEIN_MAX_FRAME', '128KiB', 'maxFrame', 131_072],
    ['SKEIN_MAX_FRAME', '2048', 'maxFrame', 2048],
    ['SKEIN_ALLOW_ANONYMOUS', 'true', 'allowAnonymous', true],
    ['SKEIN_DEMO', '0', 'demo', false],
    ['SKEIN_LOG_LEVEL', 'debug', 'logLevel', 'debug'],
    [
      'SKEIN_TRUSTED_PROXIES',
      '10.0.0.0/8, ::1,loopback',
      'trustedProxies',
      ['10.0.0.0/8', '::1', 'loopback'],
    ],
    [
      'SKEIN_ALLOWED_ORIGINS',
      'https://*.example.com,capacitor://localhost',
      'allowedOrigins',
      ['https://*.example.com', 'capacitor://localhost'],
    ],
    ['SKEIN_REDIS_URL', 'rediss://redis:6380/1', 'redisUrl', 'rediss://redis:6380/1'],
    ['SKEIN_REDIS_URL', 'redis+sentinel://a:1,b:2/main', 'redisUrl', 'redis+sentinel://a:1,b:2/main'],
    ['SKEIN_REDIS_URL', 'rediss+cluster://a:1,b:2', 'redisUrl', 'rediss+cluster://a:1,b:2'],
  ] as const)('%s=%s', (variable, text, name, value) => {
    expect(parse({ ...DEVELOPMENT, [variable]: text })[name]).toEqual(value)
  })

  it.each([
    ['SKEIN_PORT', 'eighty', /not a whole number; write digits/],
    ['SKEIN_PORT', '65536', /65536 is out of bounds; write 0 to 65535/],
    ['SKEIN_PORT', 'tcp://10.96.0.1:80', /enableServiceLinks: false/],
    ['SKEIN_PING_INTERVAL', '25', /not a duration; write a number with its unit/],
    ['SKEIN_PING_INTERVAL', '25 parsecs', /not a duration/],
    ['SKEIN_MAX_FRAME', '64kb', /not a size/],
    ['SKEIN_MAX_FRAME', '1', /1B is out of bounds; write 1KiB to 16MiB/],
    ['SKEIN_ENV', 'staging', /"staging" is not one of its values; write development, production/],
    ['SKEIN_DEMO', 'yes', /neither true nor false/],
    ['SKEIN_REDIS_URL', 'http://redis', /is not such a URL; Redis 7.0 or newer/],
    ['SKEIN_REDIS_URL', 'redis+sentinel://a:1,b:2', /is not such a URL; Redis 7.0 or newer/],
    ['SKEIN_ALLOWED_ORIGINS', 'example.com', /"example.com" is not an origin/],
    ['SKEIN_ALLOWED_ORIGINS', 'https://example.com/', /is not an origin/],
    ['SKEIN_ALLOWED_ORIGINS', 'https://*', /is not an origin/],
    ['SKEIN_ALLOWED_ORIGINS', 'https://a.*.example.com', /is not an origin/],
    ['SKEIN_ALLOWED_ORIGINS', 'https://*.com', /is not an origin/],
    ['SKEIN_ALLOWED_ORIGINS', 'wss://example.com', /is not an origin/],
    ['SKEIN_ALLOWED_ORIGINS', 'file://', /is not an origin/],
    ['SKEIN_TRUSTED_PROXIES', '10.0.0.0/33', /no address or network/],
    ['SKEIN_TRUSTED_PROXIES', 'everyone', /no address or network/],
    ['SKEIN_INTERNAL_PORT', '8080', /is also SKEIN_PORT/],
    ['SKEIN_PONG_TIMEOUT', '25s', /not shorter than SKEIN_PING_INTERVAL/],
    ['SKEIN_GRACE_PERIOD', '16s', /too short: a drain must leave a fifth of it; write 16250ms or more/],
    ['SKEIN_REBALANCE_INTERVAL', '1s', /1s is out of bounds; write 2s to 1d/],
    ['SKEIN_REBALANCE', 'true', /"true" is not one of its values; write off, on/],
    ['SKEIN_TOKEN_HMAC_SECRT', 'x', /not a setting; write SKEIN_TOKEN_HMAC_SECRET\?/],
    ['SKEIN_FLUX_CAPACITOR', 'x', /not a setting; remove it/],
  ])('%s=%s is rejected', (variable, text, message) => {
    const found = problems({ ...DEVELOPMENT, [variable]: text })
    expect(found.map((one) => one.where)).toEqual([variable])
    expect(new ConfigError(found).message).toMatch(message)
  })

  it('ignores variables of nginx and those that Kubernetes sets for Services', () => {
    const foreign = {
      SKEIN_NGINX_POLICY: 'ip_hash',
      SKEIN_NODE_PORT: 'tcp://10.0.0.1:8080',
      SKEIN_NODE_SERVICE_HOST: '10.0.0.1',
      SKEIN_NODE_PORT_8080_TCP_ADDR: '10.0.0.1',
      SKEIN_SERVICE_PORT_HTTP: '80',
    }
    expect(problems({ ...DEVELOPMENT, ...foreign })).toEqual([])
  })
})

describe('production', () => {
  it('is the default environment', () => {
    expect(parse(PRODUCTION).env).toBe('production')
    expect(where({})).toEqual(['SKEIN_TOKEN_HMAC_SECRET', 'SKEIN_CONFIG'])
  })

  it.each([
    [{ SKEIN_TOKEN_HMAC_SECRET: DEV_SECRET }, 'SKEIN_TOKEN_HMAC_SECRET'],
    [{ SKEIN_TOKEN_HMAC_SECRET: 'short' }, 'SKEIN_TOKEN_HMAC_SECRET'],
    [{ SKEIN_TOKEN_ALGORITHM: 'HS512' }, 'SKEIN_TOKEN_HMAC_SECRET'],
    [{ SKEIN_TOKEN_HMAC_SECRET_PREVIOUS: 'short' }, 'SKEIN_TOKEN_HMAC_SECRET_PREVIOUS'],
    [{ SKEIN_API_KEY: DEV_API_KEY }, 'SKEIN_API_KEY'],
    [{ SKEIN_API_KEY: 'short' }, 'SKEIN_API_KEY'],
    [{ SKEIN_API_KEY: 'k'.repeat(16), SKEIN_API_KEY_PREVIOUS: 'short' }, 'SKEIN_API_KEY_PREVIOUS'],
    [{ SKEIN_API_KEY_PREVIOUS: 'k'.repeat(16) }, 'SKEIN_API_KEY_PREVIOUS'],
    [{ SKEIN_ALLOW_ANONYMOUS: 'true' }, 'SKEIN_ALLOW_ANONYMOUS'],
    [{ SKEIN_ALLOWED_ORIGINS: '*' }, 'SKEIN_ALLOWED_ORIGINS'],
    [{ SKEIN_DEMO: 'true' }, 'SKEIN_DEMO'],
    [{ SKEIN_CONFIG: '' }, 'SKEIN_CONFIG'],
  ])('rejects %o', (change, variable) => {
    expect(where({ ...PRODUCTION, ...change })).toEqual([variable])
  })

  it('reports all problems at once and quotes no secret', () => {
    const env = {
      SKEIN_TOKEN_HMAC_SECRET: 'canary-one',
      SKEIN_API_KEY: 'canary-two',
      SKEIN_REDIS_URL: 'redsi://user:canary-three@host',
      SKEIN_PORT: 'x',
      SKEIN_CONFIG: 'namespaces.yaml',
    }
    const error = new ConfigError(problems(env, 'namespaces: { room: { recovery: true } }'))
    expect(error.problems).toHaveLength(5)
    expect(error.message).not.toContain('canary')
  })
})

describe('the namespaces file', () => {
  it('may be YAML or JSON', () => {
    const yaml = parse(PRODUCTION, 'namespaces:\n  room: { presence: true }\n').channels
    const json = parse(PRODUCTION, '{"namespaces":{"room":{"presence":true}}}').channels
    expect(yaml).toEqual({ namespaces: { room: { presence: true } } })
    expect(json).toEqual(yaml)
  })

  it.each([
    ['namespaces: { room: { presense: true } }', 'SKEIN_CONFIG namespaces.room.presense', 'write presence?'],
    [
      'namespaces: { room: { historySize: -1 } }',
      'SKEIN_CONFIG namespaces.room.historySize',
      'Publications kept',
    ],
    [
      'namespaces: { room: { subscribe: all } }',
      'SKEIN_CONFIG namespaces.room.subscribe',
      'anyone, token, server',
    ],
    ['namespaces: { room: { recovery: true } }', 'SKEIN_CONFIG namespaces.room', 'set historySize'],
    ['namespaces: { "ro om": {} }', 'SKEIN_CONFIG namespaces.ro om', ''],
    ['personal: { joinLeave: true }', 'SKEIN_CONFIG personal', 'set presence'],
    ['namespaces: {', 'SKEIN_CONFIG', 'YAML or JSON'],
    ['[]', 'SKEIN_CONFIG ', ''],
  ])('%s', (file, path, instead) => {
    const found = problems(PRODUCTION, file)
    expect(found.map((one) => one.where)).toEqual([path])
    expect(found[0]?.instead).toContain(instead)
  })

  it('is reported as a problem if it does not exist', () => {
    const parsing = () => parseConfig({ env: { ...PRODUCTION, SKEIN_CONFIG: '/nowhere/at-all.yaml' } })
    expect(parsing).toThrow(/SKEIN_CONFIG: cannot read .* ENOENT/)
  })
})

describe('printConfig', () => {
  it('hides secrets and prints other values as text of their variables', () => {
    const printed = printConfig(
      parse({
        ...PRODUCTION,
        SKEIN_API_KEY: 'canary-canary-canary',
        SKEIN_REDIS_URL: 'rediss://user:canary@redis:6380',
      }),
    )
    expect(printed).toContain('SKEIN_TOKEN_HMAC_SECRET=(set)')
    expect(printed).toContain('SKEIN_REDIS_URL=rediss://(hidden)@redis:6380')
    expect(printed).toContain('SKEIN_PING_INTERVAL=25s')
    expect(printed).toContain('SKEIN_MAX_FRAME=64KiB')
    expect(printed).not.toContain('canary')
    expect(printed).not.toContain(SECRET)
  })

  it.each([
    ['redis://user:can@ary@redis:6380', 'redis://(hidden)@redis:6380'],
    ['redis://user:can/ary@redis:6380/2', 'redis://(hidden)@redis:6380/2'],
    ['redis://:c/an@a?ry@redis', 'redis://(hidden)@redis'],
    ['redis+sentinel://a:1/main?sentinel=u:can@a&ry', 'redis+sentinel://a:1/main?sentinel=(hidden)'],
  ])('hides the whole password of %s', (url, expected) => {
    const lines = printConfig(parse({ ...PRODUCTION, SKEIN_REDIS_URL: url })).split('\n')
    expect(lines).toContain(`SKEIN_REDIS_URL=${expected}`)
  })

  it('hides the password of the Sentinels', () => {
    const url = 'redis+sentinel://user:canary@a:1,b:2/main?sentinel=user:canary'
    const printed = printConfig(parse({ ...PRODUCTION, SKEIN_REDIS_URL: url }))
    expect(printed).toContain('SKEIN_REDIS_URL=redis+sentinel://(hidden)@a:1,b:2/main?sentinel=(hidden)')
  })
})
