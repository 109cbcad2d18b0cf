import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TestClock } from '../testing/clock.ts'
import { type Timed, Wheel } from './wheel.ts'

class Item implements Timed {
  wheelSlot = -1
  wheelIndex = 0
  readonly #clock: TestClock
  readonly fired: number[] = []
  repeat = 0

  constructor(clock: TestClock) {
    this.#clock = clock
  }

  onTimer(): number {
    this.fired.push(this.#clock.monotonic())
    return this.repeat
  }
}

test('fires once, one tick late at most', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 40_000 }), { maxLength: 50 }), async (delays) => {
      const clock = new TestClock()
      const wheel = new Wheel(clock)
      const items = delays.map((delay) => {
        const item = new Item(clock)
        wheel.arm(item, delay)
        return { item, delay }
      })
      await clock.advance(41_000)
      for (const { item, delay } of items) {
        expect(item.fired).toHaveLength(1)
        expect(item.fired[0]).toBeGreaterThanOrEqual(delay)
        expect(item.fired[0]).toBeLessThanOrEqual(delay + 200)
      }
    }),
    { numRuns: 10 },
  )
})

test('a disarmed item does not fire, and its neighbours do', async () => {
  const clock = new TestClock()
  const wheel = new Wheel(clock)
  const items = [new Item(clock), new Item(clock), new Item(clock)]
  for (const item of items) wheel.arm(item, 1000)
  const [first, second, third] = items
  if (first !== undefined) wheel.disarm(first)
  await clock.advance(2000)
  expect(first?.fired).toEqual([])
  expect(second?.fired).toHaveLength(1)
  expect(third?.fired).toHaveLength(1)
})

test('an item that returns a delay fires again', async () => {
  const clock = new TestClock()
  const item = new Item(clock)
  item.repeat = 1000
  new Wheel(clock).arm(item, 1000)
  await clock.advance(5500)
  expect(item.fired.length).toBeGreaterThanOrEqual(4)
})
