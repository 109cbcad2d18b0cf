import { expect, test } from 'vitest'
import { Keys } from '../keys.ts'
import { DEFAULT_TIMING } from '../options.ts'
import type { Commands } from '../server/commands.ts'
import { resolveSettings } from '../server/settings.ts'
import { Lease } from './lease.ts'
import type { LeaseReply } from './members.ts'

const HELD: LeaseReply = [1, '0', [], []]
const { lease: LEASE_MS, grace: GRACE_MS } = DEFAULT_TIMING

/** A lease whose replies come when the test says so. */
function setup() {
  let now = 0
  const replies: PromiseWithResolvers<LeaseReply>[] = []
  const run = () => {
    const reply = Promise.withResolvers<LeaseReply>()
    replies.push(reply)
    return reply.promise
  }
  const clock = {
    now: () => now,
    monotonic: () => now,
    setTimeout: () => 0,
    clearTimeout: () => undefined,
  }
  const settings = resolveSettings({ url: 'redis://127.0.0.1:1', name: 'a', clock })
  const lease = new Lease(settings, new Keys('skein'), { run } as unknown as Commands)
  const setTime = (ms: number) => {
    now = ms
  }
  return { lease, replies, setTime }
}

test('the reply to an earlier renewal does not shorten the lease', async () => {
  const { lease, replies, setTime } = setup()
  const first = lease.renew('renew', '')
  setTime(1000)
  const second = lease.renew('renew', '')
  replies[1]?.resolve(HELD)
  expect(await second).toBe(true)
  replies[0]?.resolve(HELD)
  expect(await first).toBe(true)
  setTime(LEASE_MS + GRACE_MS + 999)
  lease.assertHeld('add')
  setTime(LEASE_MS + GRACE_MS + 1000)
  expect(() => lease.assertHeld('add')).toThrow('its lease could not be renewed')
})

test('a late reply about one incarnation proves no lease of the next', async () => {
  const { lease, replies } = setup()
  const renewal = lease.renew('renew', '')
  lease.begin()
  replies[0]?.resolve(HELD)
  expect(await renewal).toBe(false)
  expect(() => lease.assertHeld('add')).toThrow('its lease could not be renewed')
})
