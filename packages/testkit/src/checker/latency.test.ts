import { expect, test } from 'vitest'
import { Latency } from './latency.ts'

test('a share of one group between two moments', () => {
  const latency = new Latency()
  for (let n = 0; n < 99; n++) latency.add('a', 5000 + n, 4)
  latency.add('a', 5500, 64)
  latency.add('a', 7500, 1000)
  latency.add('b', 5500, 500)
  expect(latency.quantile('a', 0.5, 5000, 6000)).toBe(4)
  expect(latency.quantile('a', 0.99, 5000, 6000)).toBe(4)
  expect(latency.quantile('a', 1, 5000, 6000)).toBe(64)
  expect(latency.quantile('a', 0.99, 6000, 7000)).toBe(0)
  expect(latency.quantile('c', 0.99, 0, 9000)).toBe(0)
  expect(latency.slowest).toBe(1000)
})
