import { expect, test } from 'vitest'
import { parseRedisUrl } from './url.ts'

const NONE = { credentials: {}, sentinelCredentials: {}, tls: false, db: 0, name: '' }

test.each([
  ['redis://h', { ...NONE, kind: 'one', endpoints: [{ host: 'h', port: 6379 }] }],
  [
    'rediss://u:p%40%3A@[::1]:1/3',
    {
      ...NONE,
      kind: 'one',
      endpoints: [{ host: '::1', port: 1 }],
      credentials: { username: 'u', password: 'p@:' },
      tls: true,
      db: 3,
    },
  ],
  [
    'redis+sentinel://:secret@a,b:1/main/2?sentinel=watch:word',
    {
      kind: 'sentinel',
      endpoints: [
        { host: 'a', port: 26379 },
        { host: 'b', port: 1 },
      ],
      credentials: { password: 'secret' },
      sentinelCredentials: { username: 'watch', password: 'word' },
      tls: false,
      db: 2,
      name: 'main',
    },
  ],
  [
    'rediss+cluster://u:p@a:1,b:2',
    {
      ...NONE,
      kind: 'cluster',
      endpoints: [
        { host: 'a', port: 1 },
        { host: 'b', port: 2 },
      ],
      credentials: { username: 'u', password: 'p' },
      tls: true,
    },
  ],
])('%s is parsed', (url, target) => {
  expect(parseRedisUrl(url)).toEqual(target)
})

test.each([
  ['http://h', /must begin with redis:/],
  ['redis+sentinel://h:1', /needs the name of the primary/],
  ['redis+cluster://h:1/2', /only database 0/],
  ['redis://h/x', /"x", which is not a number/],
  ['redis+cluster://h:1,:2', /":2" in the Redis URL is not host:port/],
])('parsing rejects %s', (url, why) => {
  expect(() => parseRedisUrl(url)).toThrow(why)
})

test('no error repeats a password', () => {
  for (const url of ['redis://u:canary@h/x', 'redis+sentinel://u:canary@h', 'redsi://u:canary@h']) {
    expect(() => parseRedisUrl(url)).toThrow(expect.not.stringContaining('canary'))
  }
})
