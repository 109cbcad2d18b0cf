/** The output equals that of prom-client's histogram. */
import { Histogram, Registry } from 'prom-client'
import { expect, it } from 'vitest'
import { Durations } from './durations.ts'

const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]
const seconds = [0, 0.001, 0.0010001, 0.3, 5, 5.1, 3600]

function both() {
  const ours = new Registry()
  const theirs = new Registry()
  const registers = [theirs]
  const histogram = new Histogram({ name: 'd', help: 'How long.', labelNames: ['verb'], buckets, registers })
  const durations = new Durations(ours, 'd', 'How long.', 'verb')
  function add(verb: string, value: number): void {
    histogram.observe({ verb }, value)
    durations.add(verb, value)
  }
  return { ours, theirs, add }
}

it('has the same output without observations, and at each bound', async () => {
  const { ours, theirs, add } = both()
  expect(await ours.metrics()).toBe(await theirs.metrics())
  for (const value of seconds) add('publish', value)
  expect(await ours.metrics()).toBe(await theirs.metrics())
})

it('has the same output for any label value, and at the next scrape', async () => {
  const { ours, theirs, add } = both()
  for (const verb of ['publish', '__proto__', 'a "quoted"\nline\\']) add(verb, 0.2)
  await ours.metrics()
  add('publish', 7)
  expect(await ours.metrics()).toBe(await theirs.metrics())
})
