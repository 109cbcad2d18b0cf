import { expect, test, vi } from 'vitest'
import { Keys } from '../keys.ts'
import type { ChannelIndex } from '../presence/channel-index.ts'
import type { LeaveGraces } from '../presence/leave-graces.ts'
import type { PresenceScripts } from '../presence/presence-scripts.ts'
import type { Commands } from '../server/commands.ts'
import { resolveSettings } from '../server/settings.ts'
import type { Lease } from './lease.ts'
import { Members } from './members.ts'
import { Reaper } from './reaper.ts'

const keys = new Keys('skein')
const DEAD = keys.indexOfChannels('dead')
const SESSIONS = keys.indexOfSessions('dead')

/** The commands of a reaper over maps. */
class FakeRedis {
  readonly sets = new Map<string, Set<string>>()
  readonly hashes = new Map<string, Map<string, string>>()
  locked = false

  hash(key: string): Map<string, string> {
    const found = this.hashes.get(key) ?? new Map<string, string>()
    this.hashes.set(key, found)
    return found
  }

  readonly hget = async (key: string, field: string) => this.hash(key).get(field) ?? null
  readonly hdel = async (key: string, ...fields: string[]) =>
    fields.map((field) => this.hash(key).delete(field))
  readonly hrandfield = async (key: string, count: number) => [...this.hash(key)].slice(0, count).flat()
  readonly srandmember = async (key: string, count: number) => [...(this.sets.get(key) ?? [])].slice(0, count)
  readonly srem = async (key: string, ...members: string[]) =>
    members.map((member) => this.sets.get(key)?.delete(member))
  readonly set = async () => (this.locked ? null : 'OK')
  readonly pexpire = async () => 1
  readonly declareOver = vi.fn(async (_leases: string, _nodes: string, over: string, uid: string) => {
    this.hash(over).set(uid, String(Number(this.hash(over).get(uid) ?? 0) + 1))
    return 1
  })
  readonly endReaping = vi.fn(async (over: string, _lock: string, uid: string, times: string) => {
    if (this.hash(over).get(uid) !== times) return 0
    this.hash(over).delete(uid)
    return 1
  })
}

interface Setup {
  readonly steady?: boolean
  /** Incarnations with a valid lease. */
  readonly live?: readonly string[]
  readonly onReap?: (channel: string, redis: FakeRedis) => { connections: number; graces: number }
}

function setup({
  steady = true,
  live = ['own'],
  onReap = () => ({ connections: 0, graces: 0 }),
}: Setup = {}) {
  const redis = new FakeRedis()
  const done: string[] = []
  const errors: string[] = []
  const settings = resolveSettings({
    url: 'redis://127.0.0.1:1',
    name: 'own',
    onError: (error) => errors.push(error.message),
  })
  const commands = { run: (_what: string, _key: string, call: (client: unknown) => unknown) => call(redis) }
  const members = () => new Members([1, '0', [], [...redis.hash(keys.over)].flat()], 0)
  const lease = { uid: 'own', steady, live: () => live, readNow: async () => members() }
  const scripts = {
    reap: async (channel: string, uid: string, _limit: number, grace: unknown) => {
      done.push(`reap ${channel} of ${uid}${grace === 0 ? ' without grace' : ''}`)
      return onReap(channel, redis)
    },
    settle: async (channel: string) => void done.push(`settle ${channel}`),
  }
  const index = {
    add: async (uid: string, channel: string) => void done.push(`index ${channel} for ${uid}`),
    assign: async (uid: string, channel: string) => void done.push(`index ${channel} for ${uid}`),
  }
  const graces = { watch: (channel: string) => void done.push(`count ${channel}`) }
  const reaper = new Reaper({
    settings,
    keys,
    commands: commands as unknown as Commands,
    lease: lease as unknown as Lease,
    scripts: scripts as unknown as PresenceScripts,
    index: index as unknown as ChannelIndex,
    graces: graces as unknown as LeaveGraces,
  })
  redis.hash(keys.over).set('dead', '1')
  return { redis, reaper, done, errors, members }
}

/** Runs `consider` with the incarnation `dead` over, until it is reaped. */
async function reapDead({ reaper, members }: ReturnType<typeof setup>): Promise<void> {
  const before = reaper.reaped
  reaper.consider(members())
  await expect.poll(() => reaper.reaped).toBe(before + 1)
}

test('a reaper removes all entries and sessions of an incarnation, then the incarnation', async () => {
  const at = setup()
  const channels = Array.from({ length: 120 }, (_, nth) => `room:${nth}`)
  at.redis.sets.set(DEAD, new Set(channels))
  at.redis.hash(SESSIONS).set('client', 'alice')
  at.redis.hash(keys.sessions('alice')).set('client', 'dead {}')
  await reapDead(at)
  expect(at.done).toEqual(channels.map((channel) => `reap ${channel} of dead`))
  expect(at.redis.sets.get(DEAD)?.size).toBe(0)
  expect([at.redis.hash(SESSIONS).size, at.redis.hash(keys.sessions('alice')).size]).toEqual([0, 0])
  expect(at.redis.hash(keys.over).size).toBe(0)
})

test('a channel with more connections than a batch is reaped until none is left', async () => {
  let left = 2
  const at = setup({ onReap: () => ({ connections: left--, graces: 0 }) })
  at.redis.sets.set(DEAD, new Set(['room:1']))
  await reapDead(at)
  expect(at.done).toEqual(Array.from({ length: 3 }, () => 'reap room:1 of dead'))
})

test('a channel with graces enters the own index before it leaves the index of the dead', async () => {
  const at = setup({ onReap: () => ({ connections: 0, graces: 1 }) })
  at.redis.sets.set(DEAD, new Set(['room:1']))
  await reapDead(at)
  expect(at.done).toEqual(['reap room:1 of dead', 'index room:1 for own', 'count room:1'])
})

test('an incarnation that is declared over during its reaping is reaped again', async () => {
  let first = true
  const at = setup({
    onReap: (_channel, redis) => {
      if (first) redis.hash(keys.over).set('dead', '2')
      first = false
      return { connections: 0, graces: 0 }
    },
  })
  at.redis.sets.set(DEAD, new Set(['room:1']))
  await reapDead(at)
  expect(at.redis.endReaping.mock.calls.map((args) => args[3])).toEqual(['1', '2'])
})

test('a reaper without the lock removes nothing', async () => {
  const { redis, reaper, done, members } = setup()
  redis.locked = true
  redis.sets.set(DEAD, new Set(['room:1']))
  reaper.consider(members())
  await new Promise((resolve) => setImmediate(resolve))
  expect([done, reaper.reaped, redis.endReaping.mock.calls]).toEqual([[], 0, []])
})

test.each([
  [true, 1],
  [false, 0],
])('with a steady lease: %s, expired incarnations are declared over %i times', async (steady, times) => {
  const { redis, reaper } = setup({ steady })
  reaper.consider(new Members([1, '10000', ['expired', '1', 'fresh', '9999'], []], 0))
  await new Promise((resolve) => setImmediate(resolve))
  expect(redis.declareOver.mock.calls.map((args) => args[3])).toEqual(Array(times).fill('expired'))
})

test('the last node reaps all incarnations itself and ends their graces', async () => {
  const { redis, reaper, done } = setup({ live: [], onReap: () => ({ connections: 0, graces: 1 }) })
  redis.sets.set(DEAD, new Set(['room:1']))
  await reaper.end('own')
  expect(done).toEqual(['reap room:1 of dead without grace', 'settle room:1'])
  expect(redis.hash(keys.over).size).toBe(0)
})

test('with other nodes alive, a node that ends reaps nothing', async () => {
  const { redis, reaper, done } = setup({ live: ['other'] })
  await reaper.end('own')
  expect(done).toEqual([])
  expect(redis.hash(keys.over).get('own')).toBe('1')
})

test('a stray is declared over, and its channel enters its index first', async () => {
  const { redis, reaper, done, errors } = setup()
  reaper.declareStrays(['stray'], 'room:1')
  await expect.poll(() => redis.hash(keys.over).get('stray')).toBe('1')
  expect([done, errors]).toEqual([['index room:1 for stray'], []])
})
