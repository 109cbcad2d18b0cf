import { describe, expect, it } from 'vitest'
import { run } from './cli.ts'
import type { Env, Io } from './command.ts'
import { COMMANDS } from './commands/index.ts'

interface Result {
  readonly code: number
  readonly out: string
  readonly err: string
}

/**
 * Runs a command without a process. The state folder does not exist, so the command finds no local cluster.
 */
async function skein(args: readonly string[], env: Env = {}): Promise<Result> {
  const lines = { out: [] as string[], err: [] as string[] }
  const io: Io = {
    env: { XDG_STATE_HOME: '/nonexistent', ...env },
    out: (line) => lines.out.push(line),
    err: (line) => lines.err.push(line),
    signal: new AbortController().signal,
  }
  const code = await run(args, io)
  return { code, out: lines.out.join('\n'), err: lines.err.join('\n') }
}

const claimsOf = (token: string): unknown =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'))

describe('skein', () => {
  it.each([[[]], [['--help']], [['help']]])('lists its commands: %j', async (args) => {
    const { code, out } = await skein(args)
    expect(code).toBe(0)
    for (const name of Object.keys(COMMANDS)) expect(out).toContain(`  ${name} `)
  })

  it.each(Object.keys(COMMANDS))('%s has help with every option', async (name) => {
    const { code, out } = await skein([name, '--help'])
    expect(code).toBe(0)
    expect(out).toContain(`skein ${name}`)
    for (const option of Object.keys(COMMANDS[name]?.options ?? {})) expect(out).toContain(`--${option}`)
  })

  it('suggests the command closest to an unknown one', async () => {
    const { code, err } = await skein(['tokn'])
    expect(code).toBe(2)
    expect(err).toContain('there is no command "tokn". Did you mean "token"?')
    expect(err).toContain('publish')
  })

  it('suggests no distant command and accepts no property of Object.prototype as a command', async () => {
    expect((await skein(['benchmark'])).err).not.toContain('Did you mean')
    expect((await skein(['constructor'])).code).toBe(2)
  })

  it('prints the help after an unknown option', async () => {
    const { code, err } = await skein(['publish', '--chanel', 'a'])
    expect(code).toBe(2)
    expect(err).toContain('--chanel')
    expect(err).toContain('skein publish CHANNEL DATA')
  })
})

describe('skein token', () => {
  const env = { SKEIN_TOKEN_HMAC_SECRET: 'a-secret-of-this-test-0123456789abcdef' }

  it('prints the token alone, with the requested claims', async () => {
    const args = ['--user', 'ada', '--ttl', '5m', '--channels', 'room:a,room:b', '--info', '{"name":"Ada"}']
    const { code, out, err } = await skein(['token', ...args], env)
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/)
    const claims = claimsOf(out) as { iat: number; exp: number }
    expect(claims).toMatchObject({ sub: 'ada', channels: ['room:a', 'room:b'], info: { name: 'Ada' } })
    expect(claims.exp - claims.iat).toBe(300)
  })

  it.each([
    [[], '--user NAME is missing'],
    [['--user', ''], '--user NAME is missing'],
    [['--user', 'a', '--ttl', 'soon'], '--ttl must be'],
    [['--user', 'a', '--ttl', '0'], '--ttl must be'],
    [['--user', 'a', '--info', '{name}'], '--info must be JSON'],
    [['--user', 'a', 'b'], 'takes no arguments'],
  ])('rejects %j', async (args, expected) => {
    const { code, out, err } = await skein(['token', ...args], env)
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain(expected)
  })

  it('signs with the public development secret if no other is set, and reports it', async () => {
    const { code, out, err } = await skein(['token', '--user', 'a'])
    expect(code).toBe(0)
    expect(claimsOf(out)).toMatchObject({ sub: 'a' })
    expect(err).toContain('production rejects')
  })

  it('reports an invalid signing setting', async () => {
    const { code, err } = await skein(['token', '--user', 'a'], { SKEIN_TOKEN_ALGORITHM: 'none' })
    expect(code).toBe(1)
    expect(err).toContain('SKEIN_TOKEN_ALGORITHM')
  })
})

describe('skein publish and sub', () => {
  it.each([[['publish', 'room:a']], [['publish', 'room:a', 'two', 'words']], [['sub']]])(
    'require their arguments: %j',
    async (args) => {
      expect((await skein(args)).code).toBe(2)
    },
  )

  it.each([[['publish', 'room:a', 'hi']], [['sub', 'room:a']]])(
    'report that no local cluster runs: %j',
    async (args) => {
      const { code, err } = await skein(args)
      expect(code).toBe(1)
      expect(err).toContain('no local cluster is running')
    },
  )

  it('names the node that it cannot reach', async () => {
    const args = ['publish', 'room:a', 'hi', '--api', 'http://127.0.0.1:1']
    const { code, err } = await skein(args, { SKEIN_API_KEY: 'key' })
    expect(code).toBe(1)
    expect(err).toContain('http://127.0.0.1:1')
  })
})

describe('skein config', () => {
  it('prints every value with its origin, secrets hidden', async () => {
    const secret = 'a-secret-of-this-test-0123456789abcdef'
    const env = {
      SKEIN_ENV: 'development',
      SKEIN_TOKEN_HMAC_SECRET: secret,
      SKEIN_REDIS_URL: 'redis://:pw@h:1',
    }
    const { code, out } = await skein(['config', '--print'], env)
    expect(code).toBe(0)
    expect(out).toMatch(/^SKEIN_ENV=development +# environment$/m)
    expect(out).toMatch(/^SKEIN_PORT=8080 +# default$/m)
    expect(out).not.toContain(secret)
    expect(out).not.toContain(':pw@')
  })

  it('reports every problem and fails', async () => {
    const { code, err } = await skein(['config', '--print'], { SKEIN_PORT: 'x', SKEIN_PING_INTERVAL: 'y' })
    expect(code).toBe(1)
    expect(err).toContain('SKEIN_PORT')
    expect(err).toContain('SKEIN_PING_INTERVAL')
  })

  it('requires --print', async () => {
    expect((await skein(['config'])).code).toBe(2)
  })
})
