import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type Awaited, CommandDeadlines } from './command-deadlines.ts'

class Waiting implements Awaited {
  isSettled = false
  told = ''

  reject(error: Error): void {
    this.isSettled = true
    this.told = error.message
  }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('ends each wait at its own time, with one timer for all', () => {
  const onEnd = vi.fn()
  const deadlines = new CommandDeadlines(100, onEnd)
  const [first, second, answered] = [new Waiting(), new Waiting(), new Waiting()]
  deadlines.add(first)
  deadlines.add(answered)
  vi.advanceTimersByTime(60)
  deadlines.add(second)
  expect(vi.getTimerCount()).toBe(1)
  answered.isSettled = true
  vi.advanceTimersByTime(40)
  expect([first.told, second.told, answered.told]).toEqual(['Command timed out', '', ''])
  vi.advanceTimersByTime(59)
  expect(second.told).toBe('')
  vi.advanceTimersByTime(1)
  expect(second.told).toBe('Command timed out')
  expect(onEnd).toHaveBeenCalledTimes(2)
})

it('needs no timer once everything is answered, and begins again', () => {
  const onEnd = vi.fn()
  const deadlines = new CommandDeadlines(100, onEnd)
  const many = Array.from({ length: 1000 }, () => new Waiting())
  for (const one of many) {
    deadlines.add(one)
    one.isSettled = true
  }
  vi.advanceTimersByTime(100)
  expect(vi.getTimerCount()).toBe(0)
  const late = new Waiting()
  deadlines.add(late)
  vi.advanceTimersByTime(100)
  expect(late.told).toBe('Command timed out')
  expect(many.every(({ told }) => told === '')).toBe(true)
  expect(onEnd).toHaveBeenCalledTimes(1)
})
