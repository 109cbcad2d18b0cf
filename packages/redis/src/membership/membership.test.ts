import type { NodeInfo } from '@skein/core'
import { expect, test } from 'vitest'
import type { Bus } from '../bus/bus.ts'
import { Keys } from '../keys.ts'
import type { Commands } from '../server/commands.ts'
import { resolveSettings } from '../server/settings.ts'
import type { Lease } from './lease.ts'
import { Members } from './members.ts'
import { RedisMembership } from './membership.ts'

/** A node that has joined, whose renewals end when the test says so. */
async function joined() {
  const timers: (() => void)[] = []
  const renewals: PromiseWithResolvers<boolean>[] = []
  const errors: string[] = []
  const settings = resolveSettings({
    url: 'redis://127.0.0.1:1',
    name: 'a',
    clock: {
      now: () => 0,
      monotonic: () => 0,
      setTimeout: (run) => timers.push(run),
      clearTimeout: () => undefined,
    },
    onError: (error) => errors.push(error.message),
  })
  const renew = (verb: string) => {
    if (verb === 'take') return Promise.resolve(true)
    const renewal = Promise.withResolvers<boolean>()
    renewals.push(renewal)
    return renewal.promise
  }
  const membership = new RedisMembership({
    settings,
    keys: new Keys('skein'),
    commands: { onReady: () => undefined } as unknown as Commands,
    bus: { moveTo: async () => undefined, ensureLive: async () => undefined } as unknown as Bus,
    lease: { uid: 'a', isOver: false, members: Members.none, renew } as unknown as Lease,
    reaper: { consider: () => undefined, declare: async () => true, end: async () => undefined },
    graces: { forget: () => undefined },
    chores: [],
  })
  const info = { uid: 'a', name: 'a' } as NodeInfo
  let lost = 0
  await membership.join(
    () => info,
    () => {
      lost += 1
    },
  )
  return { renewals, errors, lost: () => lost, tick: () => timers.pop()?.() }
}

test('a renewal does not wait for the previous one, and at most two are in flight', async () => {
  const { renewals, errors, lost, tick } = await joined()
  for (let at = 0; at < 3; at++) tick()
  expect(renewals).toHaveLength(2)
  renewals[0]?.reject(new Error('Command timed out'))
  await expect.poll(() => errors).toEqual(['Command timed out'])
  tick()
  expect(renewals).toHaveLength(3)
  for (const renewal of renewals.slice(1)) renewal.resolve(false)
  await expect.poll(lost).toBe(1)
})
