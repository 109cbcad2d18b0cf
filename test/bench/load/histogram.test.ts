import { describe, expect, it } from 'vitest'
import { Histogram } from './histogram.ts'

describe('Histogram', () => {
  it('gives percentiles within 1.6 % over six powers of ten', () => {
    const histogram = new Histogram()
    const values = Array.from({ length: 20_000 }, (_, i) => Math.floor(1.0007 ** i))
    for (const value of values) histogram.record(value)
    for (const fraction of [0.01, 0.5, 0.9, 0.99, 0.999]) {
      const exact = (values[Math.ceil(fraction * values.length) - 1] ?? 0) / 1000
      const found = histogram.percentile(fraction)
      expect(found).toBeGreaterThanOrEqual(exact)
      expect(found).toBeLessThanOrEqual(exact * 1.016 + 0.001)
    }
  })

  it('merges before it takes percentiles', () => {
    const fast = new Histogram()
    const slow = new Histogram()
    for (let i = 0; i < 99; i++) fast.record(1000)
    for (let i = 0; i < 2; i++) slow.record(500_000)
    const both = new Histogram(fast.data())
    both.merge(slow.data())
    expect(both.count).toBe(101)
    expect(both.percentile(0.5)).toBeCloseTo(1, 1)
    expect(both.percentile(0.99)).toBeCloseTo(500, -1)
    expect(both.max).toBe(500)
  })

  it('returns NaN when nothing was recorded', () => {
    expect(new Histogram().percentile(0.5)).toBeNaN()
  })

  it('keeps the largest value for the top percentile', () => {
    const histogram = new Histogram()
    histogram.record(1_234_567)
    expect(histogram.percentile(1)).toBe(1234.567)
  })
})
