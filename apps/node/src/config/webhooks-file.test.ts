import { describe, expect, it } from 'vitest'
import { parseConfig } from './config.ts'
import { printConfig } from './print.ts'
import { ConfigError } from './problem.ts'

const SECRET = 'canary-0123456789-0123456789-01234'
const GOOD = { name: 'push', url: 'https://push.test/a', secret: SECRET }

function parse(file: string, env: Record<string, string> = { SKEIN_ENV: 'development' }) {
  const readFile = (path: string) => (path === 'hooks.yaml' ? file : 'namespaces: {}')
  return parseConfig({ env: { ...env, SKEIN_WEBHOOKS: 'hooks.yaml' }, readFile })
}

function refused(file: string, env?: Record<string, string>): ConfigError {
  try {
    parse(file, env)
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  throw new Error('was not refused')
}

const PRODUCTION = { SKEIN_TOKEN_HMAC_SECRET: '0123456789abcdef0123456789abcdef', SKEIN_CONFIG: 'n.yaml' }

describe('the webhooks file', () => {
  it('may be YAML or JSON, and printConfig omits it', () => {
    const targets = [{ ...GOOD, events: ['message.offline'] }]
    const config = parse(JSON.stringify(targets), PRODUCTION)
    expect(config.webhookTargets).toEqual(targets)
    expect(parse(`- { name: push, url: "https://push.test/a", secret: ${SECRET} }`).webhookTargets).toEqual([
      GOOD,
    ])
    expect(printConfig(config)).toContain('SKEIN_WEBHOOKS=hooks.yaml')
    expect(printConfig(config)).not.toContain('canary')
  })

  it('is reported with all its problems, none of which quotes a value', () => {
    const error = refused(
      JSON.stringify([
        GOOD,
        { ...GOOD, url: 'https://user:canary@push.test/' },
        { name: 'Capital', url: 'ftp://canary.test/', secret: 'canary', events: ['room.painted'] },
        { name: 'b', url: 'canary', secrt: SECRET },
      ]),
    )
    expect(new Set(error.problems.map(({ where }) => where.replace('SKEIN_WEBHOOKS ', '')))).toEqual(
      new Set(['1.url', '1.name', '2.name', '2.url', '2.secret', '2.events.0', '3', '3.url', '3.secrt']),
    )
    expect(error.message).not.toContain('canary')
    expect(error.message).toContain('message.offline, room.created')
  })

  it.each([
    ['- *canary', /is not YAML/],
    ['- { name: "canary', /is not YAML, line 1/],
    ['a: b', /SKEIN_WEBHOOKS: must be array; write a list of webhooks/],
    ['', /must be array/],
  ])('%j is rejected', (file, message) => {
    const error = refused(file)
    expect(error.message).toMatch(message)
    expect(error.message).not.toContain('canary')
  })

  it('allows http to this machine in development only', () => {
    const local = JSON.stringify([{ ...GOOD, url: 'http://127.0.0.1:1/' }])
    expect(parse(local).webhookTargets).toHaveLength(1)
    expect(refused(local, PRODUCTION).message).toContain('SKEIN_WEBHOOKS 0.url: is not https')
    expect(refused(JSON.stringify([{ ...GOOD, url: 'http://push.test/' }])).problems).toHaveLength(1)
  })

  it('requires chat', () => {
    const env = { SKEIN_ENV: 'development', SKEIN_CHAT: 'false' }
    expect(refused(JSON.stringify([GOOD]), env).message).toContain('SKEIN_CHAT is off')
  })
})
