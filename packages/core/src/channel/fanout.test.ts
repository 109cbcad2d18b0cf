import { expect, it } from 'vitest'
import { Writes } from '../outbox/writes.ts'
import { TestClock } from '../testing/clock.ts'
import { inSlices } from './fanout.ts'

const numbers = (count: number): number[] => Array.from({ length: count }, (_, at) => at)

/** Items visited after each turn of the event loop. */
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

it('visits a few items at once, without reading the clock', () => {
  expect(turns(31, 100).turns).toEqual([31])
})

it('ends a slice by number if the items take no time', () => {
  const { turns: ended, visited } = turns(2500, 0)
  expect(ended).toEqual([1000, 2000, 2500])
  expect(visited).toEqual(numbers(2500))
})

it('ends a slice by time if the items take long', () => {
  const { turns: ended, visited } = turns(200, 0.1)
  // The time begins when the clock is first read, after 32 items.
  expect(ended).toEqual([64, 128, 192, 200])
  expect(visited).toEqual(numbers(200))
})

it('skips holes', () => {
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
