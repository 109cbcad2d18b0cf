import { expect, test } from 'vitest'
import { type ChannelKeys, Keys } from './keys.ts'

const keys = new Keys('skein')

/** The part of a key that Redis Cluster hashes: Redis Cluster specification, "hash tags". */
function hashed(key: string): string {
  const open = key.indexOf('{')
  const close = key.indexOf('}', open + 1)
  return open >= 0 && close > open + 1 ? key.slice(open + 1, close) : key
}

function all(of: ChannelKeys): string[] {
  const { bus, stream, meta, incarnations, users, graces, sessions } = of
  return [
    ...[bus, stream, meta, incarnations, users, graces, sessions],
    ...[keys.once(of, 'k}{'), keys.part(of, 'uid')],
  ]
}

test.each(['room:1', '#alice', '}', '{}', 'a}b{c}', '{', '}}{{', '%7D', 'é'])(
  'all keys of %s have the same hash tag',
  (channel) => {
    expect(new Set(all(keys.channel(channel)).map(hashed)).size).toBe(1)
  },
)

test('different channels have different keys, for any names', () => {
  const odd = ['a', '}', '%7D', '%257D', '{', 'a}', 'a}:stream', 'a:stream', '@control', '@{members}:leases']
  const names = [
    ...odd.flatMap((channel) => all(keys.channel(channel))),
    keys.leases,
    keys.control,
    keys.node('u'),
  ]
  const cluster = [
    keys.nodes,
    keys.over,
    keys.indexOfChannels('u'),
    keys.indexOfSessions('u'),
    keys.reaping('u'),
  ]
  expect(new Set([...names, ...cluster]).size).toBe(names.length + cluster.length)
})

test('the sessions of a user share the hash tag of the personal channel', () => {
  expect(keys.sessions('al}ice')).toBe(keys.channel('#al}ice').sessions)
})
