import { describe, expect, it } from 'vitest'
import { type Env, parseCall, UsageError } from '../command.ts'
import { up } from '../commands/up.ts'
import { upOptions } from './options.ts'

const read = (args: string[], env: Env = {}) => upOptions(parseCall(up, args), env)

describe('upOptions', () => {
  it('has defaults', () => {
    expect(read([])).toEqual({ nodes: 3, port: 8000, redisUrl: undefined, embedded: false })
  })

  it('reads every option', () => {
    expect(read(['--nodes', '5', '--port=9000', '--redis', 'rediss://h:1'])).toEqual({
      nodes: 5,
      port: 9000,
      redisUrl: 'rediss://h:1',
      embedded: false,
    })
  })

  it('reads the Redis URL from the option, else from the environment, and from neither if embedded', () => {
    const env = { SKEIN_REDIS_URL: 'redis://env:1' }
    expect(read([], env).redisUrl).toBe('redis://env:1')
    expect(read(['--redis', 'redis://option:1'], env).redisUrl).toBe('redis://option:1')
    expect(read(['--embedded'], env).redisUrl).toBeUndefined()
  })

  it.each([
    [['--nodes', '0'], 'from 1 to 64'],
    [['--nodes', 'many'], 'whole number'],
    [['--port', '70000'], 'from 1 to 65535'],
    [['--redis', 'http://h'], 'must begin with redis://'],
    [['--redis', 'redis://h', '--embedded'], 'exclude each other'],
    [['quickly'], 'takes no arguments'],
    [['--nope'], '--nope'],
    [['--nodes'], 'nodes'],
  ])('rejects %j', (args, expected) => {
    expect(() => read(args)).toThrow(UsageError)
    expect(() => read(args)).toThrow(expected)
  })
})
