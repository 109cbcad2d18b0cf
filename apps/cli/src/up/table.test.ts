import { expect, it } from 'vitest'
import { announce, redactUrl, table } from './table.ts'

it('pads columns to their widest cell', () => {
  expect(
    table([
      ['part', 'what', 'where'],
      ['nginx', 'x', 'here'],
    ]),
  ).toEqual(['  part   what  where', '  nginx  x     here'])
})

const announcement = {
  endpoint: 'http://localhost:8000',
  port: 8000,
  rows: [['redis', 'private', 'redis://127.0.0.1:1']] as const,
  token: 'a.b.c',
  tokenUser: 'demo',
}

it('prints the token on a line of its own, and commands without default options', () => {
  const text = announce(announcement)
  expect(text.split('\n')).toContain('a.b.c')
  expect(text).toContain('npx skein sub room:lobby --presence\n')
  expect(text).not.toContain('EMBEDDED')
})

it('adds the port to the commands unless it is the default', () => {
  expect(announce({ ...announcement, port: 8100 })).toContain('npx skein token --user ada --port 8100')
})

it('prints a notice that the cluster is embedded, with the command that installs Redis and nginx', () => {
  const text = announce({ ...announcement, install: 'apt-get install x' })
  expect(text).toMatch(/^\*+\nEMBEDDED/)
  expect(text).toContain('Install Redis and nginx: apt-get install x')
})

it.each([
  ['redis://:secret@h:1', 'redis://:***@h:1'],
  ['rediss://user:secret@h:1/2', 'rediss://user:***@h:1/2'],
  ['redis+sentinel://:p@a:1,b:2/main', 'redis+sentinel://:***@a:1,b:2/main'],
  ['redis://h:1', 'redis://h:1'],
])('hides the password of %s', (url, expected) => {
  expect(redactUrl(url)).toBe(expected)
})
