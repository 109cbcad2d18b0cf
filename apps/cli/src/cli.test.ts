import { describe, expect, it } from 'vitest'
import { run } from './cli.ts'
import type { Env, Io } from './command.ts'
import { COMMANDS } from './commands/index.ts'

interface Result {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs a command without a process. No local cluster is known: the state folder is nowhere. */
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

  it('guesses what an unknown command was meant to be', async () => {
    const { code, err } = await skein(['tokn'])
    expect(code).toBe(2)
    expect(err).toContain('there is no command "tokn". Did you mean "token"?')
    expect(err).toContain('publish')
  })

  it('does not guess wildly, nor take what every object has for a command', async () => {
    expect((await skein(['benchmark'])).err).not.toContain('Did you mean')
    expect((await skein(['constructor'])).code).toBe(2)
  })

  it('shows the help with an unknown option', async () => {
    const { code, err } = await skein(['publish', '--chanel', 'a'])
    expect(code).toBe(2)
    expect(err).toContain('--chanel')
    expect(err).toContain('skein publish CHANNEL DATA')
  })
})

describe('skein token', () => {
  const env = { SKEIN_TOKEN_HMAC_SECRET: 'a-secret-of-this-test-0123456789abcdef' }

  it('prints a token alone, with what was asked for', async () => {
    const args = ['--user', 'ada', '--ttl', '5m', '--channels', 'room:a,room:b', '--info', '{"name":"Ada"}']
    const { code, out, err } = await skein(['token', ...args], env)
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/)
    const claims = claimsOf(out) as { iat: number; exp: number }
    expect(claims).toMatchObject({ sub: 'ada', channels: ['room:a', 'room:b'], info: { name: 'Ada' } })
    expect(claims.exp - claims.iat).toBe(300)
  })

  it.each([
    [[], 'Say --user NAME'],
    [['--user', ''], 'Say --user NAME'],
    [['--user', 'a', '--ttl', 'soon'], '--ttl must be'],
    [['--user', 'a', '--ttl', '0'], '--ttl must be'],
    [['--user', 'a', '--info', '{name}'], '--info must be JSON'],
    [['--user', 'a', 'b'], 'takes no words'],
  ])('refuses %j', async (args, expected) => {
    const { code, out, err } = await skein(['token', ...args], env)
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain(expected)
  })

  it('signs with the known secret of development where there is no other, and says so', async () => {
    const { code, out, err } = await skein(['token', '--user', 'a'])
    expect(code).toBe(0)
    expect(claimsOf(out)).toMatchObject({ sub: 'a' })
    expect(err).toContain('production refuses')
  })

  it('says what is wrong with the settings it signs by', async () => {
    const { code, err } = await skein(['token', '--user', 'a'], { SKEIN_TOKEN_ALGORITHM: 'none' })
    expect(code).toBe(1)
    expect(err).toContain('SKEIN_TOKEN_ALGORITHM')
  })
})

describe('skein publish and sub', () => {
  it.each([[['publish', 'room:a']], [['publish', 'room:a', 'two', 'words']], [['sub']]])(
    'want their words: %j',
    async (args) => {
      expect((await skein(args)).code).toBe(2)
    },
  )

  it.each([[['publish', 'room:a', 'hi']], [['sub', 'room:a']]])(
    'say that no cluster runs: %j',
    async (args) => {
      const { code, err } = await skein(args)
      expect(code).toBe(1)
      expect(err).toContain('no local cluster runs here')
    },
  )

  it('name the node that cannot be reached', async () => {
    const args = ['publish', 'room:a', 'hi', '--api', 'http://127.0.0.1:1']
    const { code, err } = await skein(args, { SKEIN_API_KEY: 'key' })
    expect(code).toBe(1)
    expect(err).toContain('http://127.0.0.1:1')
  })
})

describe('skein config', () => {
  it('prints every value with where it comes from, secrets hidden', async () => {
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

  it('fails with every problem', async () => {
    const { code, err } = await skein(['config', '--print'], { SKEIN_PORT: 'x', SKEIN_PING_INTERVAL: 'y' })
    expect(code).toBe(1)
    expect(err).toContain('SKEIN_PORT')
    expect(err).toContain('SKEIN_PING_INTERVAL')
  })

  it('wants --print', async () => {
    expect((await skein(['config'])).code).toBe(2)
  })
})
