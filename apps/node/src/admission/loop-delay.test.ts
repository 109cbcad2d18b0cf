import { expect, it, onTestFinished } from 'vitest'
import { LoopDelay } from './loop-delay.ts'

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** A step counts from the previous one. The first step after the start or a collection does not count. */
async function holdUp(ms: number): Promise<void> {
  await pause(60)
  const until = performance.now() + ms
  while (performance.now() < until);
  await pause(1)
}

function measured(): LoopDelay {
  const delay = new LoopDelay()
  onTestFinished(() => delay.stop())
  return delay
}

it('measures a blocked event loop, and reports each step once', async () => {
  const delay = measured()
  for (let i = 0; i < 3; i++) await holdUp(150)
  expect(delay.lately()).toBeGreaterThan(50)
  expect(delay.lately()).toBe(0)
})

it('reports to each caller the steps since its own last call', async () => {
  const delay = measured()
  expect(delay.collect()).toEqual({ p99: 0, max: 0 })
  await holdUp(150)
  const { p99, max } = delay.collect()
  expect(max).toBeGreaterThan(90)
  expect(p99).toBeGreaterThan(90)
  expect(delay.collect()).toEqual({ p99: 0, max: 0 })
  expect(delay.lately()).toBeGreaterThan(30)
  await holdUp(200)
  expect(delay.lately()).toBeGreaterThan(100)
  expect(delay.collect().max).toBeGreaterThan(140)
})
