import type { Clock } from '@skein/core'
import { expect, test, vi } from 'vitest'
import { resolveSettings } from '../server/settings.ts'
import { PendingRemovals } from './pending-removals.ts'

function setup(bound = 10) {
  let now = 0
  const clock: Clock = {
    now: () => now,
    monotonic: () => now,
    setTimeout: () => 0,
    clearTimeout: () => undefined,
  }
  const settings = resolveSettings({
    url: 'redis://127.0.0.1:1',
    name: 'a',
    clock,
    bounds: { pendingRemovals: bound },
  })
  const removals = new PendingRemovals(settings)
  const runAt = (ms: number) => {
    now = ms
    return removals.runDue()
  }
  return { removals, runAt }
}

test('an entry is removed at once, and again when a late addition could have arrived', async () => {
  const { removals, runAt } = setup()
  const remove = vi.fn(async () => undefined)
  removals.add('a', remove)
  for (const ms of [0, 1999, 2000, 121_999, 122_000, 300_000]) await runAt(ms)
  expect(remove).toHaveBeenCalledTimes(3)
  expect(removals.size).toBe(0)
})

test('a failed removal is retried at the next tick', async () => {
  const { removals, runAt } = setup()
  const remove = vi.fn(async () => undefined).mockRejectedValueOnce(new Error('away'))
  removals.add('a', remove)
  await runAt(0)
  await runAt(1)
  await runAt(2)
  expect(remove).toHaveBeenCalledTimes(2)
})

test('an entry that is added again is not removed', async () => {
  const { removals, runAt } = setup()
  const remove = vi.fn(async () => undefined)
  removals.add('a', remove)
  removals.forget('a')
  await runAt(0)
  expect(remove).not.toHaveBeenCalled()
})

test('an entry that is added again during its removal stays forgotten', async () => {
  const { removals, runAt } = setup()
  removals.add('a', async () => removals.forget('a'))
  await runAt(0)
  expect(removals.size).toBe(0)
})

test('beyond the bound all removals are dropped, and the owner is notified once', () => {
  const { removals } = setup(2)
  const reasons: string[] = []
  removals.onOverflow = (reason) => reasons.push(reason)
  for (const id of ['a', 'b', 'c']) removals.add(id, async () => undefined)
  expect(reasons).toEqual(['more than 2 entries wait for removal from Redis'])
  expect(removals.size).toBe(0)
})
