import { expect, it } from 'vitest'
import { Writes } from '../outbox/writes.ts'
import { TestClock } from '../testing/clock.ts'
import { inSlices } from './fanout.ts'

const numbers = (count: number): number[] => Array.from({ length: count }, (_, at) => at)

/** How many were visited after each turn. */
function turns(count: number, msEach: number): { turns: number[]; visited: number[] } {
  let spent = 0
  const visited: number[] = []
  const ended: number[] = []
  const waiting: (() => void)[] = []
  const counting = {
    now: () => 0,
    monotonic: () => spent,
    setTimeout: (run: () => void) => waiting.push(run),
    clearTimeout: () => undefined,
  }
  const each = (item: number): void => {
    visited.push(item)
    spent += msEach
  }
  let done = 0
  if (inSlices(numbers(count), each, counting, new Writes(), () => done++)) done++
  ended.push(visited.length)
  for (let run = waiting.shift(); run !== undefined; run = waiting.shift()) {
    run()
    ended.push(visited.length)
  }
  expect(done).toBe(1)
  return { turns: ended, visited }
}

it('few are done at once, without a look at the clock', () => {
  expect(turns(31, 100).turns).toEqual([31])
})

it('a slice ends by number where each takes no time', () => {
  const { turns: ended, visited } = turns(2500, 0)
  expect(ended).toEqual([1000, 2000, 2500])
  expect(visited).toEqual(numbers(2500))
})

it('a slice ends by time where each takes long', () => {
  const { turns: ended, visited } = turns(200, 0.1)
  // The time begins with the first look at the clock, behind 32 of them.
  expect(ended).toEqual([64, 128, 192, 200])
  expect(visited).toEqual(numbers(200))
})

it('holes are passed over', () => {
  const seen: number[] = []
  const sparse = [1, undefined, 3]
  expect(
    inSlices(
      sparse,
      (item) => seen.push(item),
      new TestClock(),
      new Writes(),
      () => undefined,
    ),
  ).toBe(true)
  expect(seen).toEqual([1, 3])
})
