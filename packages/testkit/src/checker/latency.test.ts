import { expect, test } from 'vitest'
import { Latency } from './latency.ts'

test('a percentile of one group, for each whole second between two moments', () => {
  const latency = new Latency()
  for (let n = 0; n < 99; n++) latency.add('a', 5000 + n, 4)
  latency.add('a', 5500, 64)
  latency.add('a', 7500, 1024)
  latency.add('b', 5500, 500)
  expect(latency.quantiles('a', 0.5, 5000, 6000)).toEqual([4])
  expect(latency.quantiles('a', 0.99, 5000, 8000)).toEqual([4, 1024])
  expect(latency.quantiles('a', 1, 5000, 8000)).toEqual([64, 1024])
  expect(latency.quantiles('a', 0.99, 5001, 7999)).toEqual([])
  expect(latency.quantiles('c', 0.99, 0, 9000)).toEqual([])
  expect(latency.slowest).toBe(1024)
})
