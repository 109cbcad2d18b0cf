import { describe, expect, test } from 'vitest'
import { Recording } from './recording.ts'

const numbers = (...values: number[]): Recording<number> => {
  const recording = new Recording<number>('numbers')
  for (const value of values) recording.push(value)
  return recording
}

describe('a recording', () => {
  test('returns each item once from next, before or after its arrival', async () => {
    const recording = numbers(1, 2)
    expect([await recording.next(), await recording.next()]).toEqual([1, 2])
    const third = recording.next()
    recording.push(3)
    expect(await third).toBe(3)
  })

  test('skips items that do not match a condition of next', async () => {
    const recording = numbers(1, 2, 3, 4)
    expect(await recording.next((n) => n % 2 === 0)).toBe(2)
    expect(await recording.next()).toBe(3)
  })

  test('returns equal items one after the other', async () => {
    const recording = numbers(7, 7, 8)
    expect([await recording.next(), await recording.next(), await recording.next()]).toEqual([7, 7, 8])
  })

  test('gives one item each to two waiters', async () => {
    const recording = numbers()
    const both = Promise.all([recording.next(), recording.next()])
    recording.push(1)
    recording.push(2)
    expect(await both).toEqual([1, 2])
  })

  test('searches all items with find, taken or not', async () => {
    const recording = numbers(1, 2)
    await recording.next()
    expect(await recording.find((n) => n === 1)).toBe(1)
    const later = recording.find((n) => n === 9)
    recording.push(9)
    expect(await later).toBe(9)
  })

  test('resolves first when the given number of items arrived', async () => {
    const recording = numbers(1)
    const three = recording.first(3)
    recording.push(2)
    recording.push(3)
    expect(await three).toEqual([1, 2, 3])
  })

  test('names the missing item and the number of items in a timeout', async () => {
    await expect(numbers(1, 2).first(3, 20)).rejects.toThrow(
      'one more of numbers (2 when the wait began, 2 now)',
    )
  })
})
