import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createRetry } from '../public/demo/retry.js'

beforeEach(() => vi.useFakeTimers({ now: 0 }))
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

test('the attempt comes when it was said to come', () => {
  const attempt = vi.fn()
  const at = createRetry(attempt).plan()
  vi.advanceTimersByTime(at - 1)
  expect(attempt).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(attempt).toHaveBeenCalledOnce()
})

test('waits grow with failures up to ten seconds and start anew after a reset', () => {
  vi.spyOn(Math, 'random').mockReturnValue(1)
  const retry = createRetry(vi.fn())
  const waits = Array.from({ length: 7 }, () => retry.plan() - Date.now())
  expect(waits).toEqual([1000, 1500, 2500, 4500, 8500, 10_000, 10_000])
  retry.reset()
  expect(retry.plan() - Date.now()).toBe(1000)
})

test('planning again replaces the plan', () => {
  const attempt = vi.fn()
  const retry = createRetry(attempt)
  retry.plan()
  retry.plan()
  vi.runAllTimers()
  expect(attempt).toHaveBeenCalledOnce()
})

test('now means now, once, and only if something was planned', () => {
  const attempt = vi.fn()
  const retry = createRetry(attempt)
  retry.now()
  expect(attempt).not.toHaveBeenCalled()
  retry.plan()
  retry.now()
  vi.runAllTimers()
  expect(attempt).toHaveBeenCalledOnce()
})
