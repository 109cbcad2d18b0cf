import { expect, it } from 'vitest'
import { Hysteresis } from './hysteresis.ts'

it('switches after several observations in a row, and not for values between the bounds', () => {
  const one = new Hysteresis({ high: 10, low: 5, rise: 2, fall: 3 })
  const looks = [10, 9, 10, 12, 7, 4, 4, 5, 4, 4, 4, 9]
  expect(looks.map((value) => one.observe(value))).toEqual([0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 0, 0].map(Boolean))
})
