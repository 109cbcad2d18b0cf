import type { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Silence } from './silent-connection.ts'

const PATIENCE = 100

/** A connection as far as its silence goes. */
class Stream {
  bytesRead = 10
  destroyed = false
  why = ''

  destroy(error: Error): void {
    this.destroyed = true
    this.why = error.message
  }
}

const on = (stream: Stream) => ({ stream: stream as unknown as Redis['stream'] })

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('ends a connection that says nothing from the first suspicion on', () => {
  const stream = new Stream()
  const silence = new Silence(on(stream), PATIENCE)
  silence.suspect()
  vi.advanceTimersByTime(60)
  silence.suspect()
  expect(vi.getTimerCount()).toBe(1)
  vi.advanceTimersByTime(39)
  expect(stream.destroyed).toBe(false)
  vi.advanceTimersByTime(1)
  expect(stream.why).toMatch(/^no answer to anything for 100 ms/)
})

it('keeps one that said something, and suspects it anew', () => {
  const stream = new Stream()
  const silence = new Silence(on(stream), PATIENCE)
  silence.suspect()
  stream.bytesRead++
  vi.advanceTimersByTime(PATIENCE)
  expect({ destroyed: stream.destroyed, timers: vi.getTimerCount() }).toEqual({ destroyed: false, timers: 0 })
  silence.suspect()
  vi.advanceTimersByTime(PATIENCE)
  expect(stream.destroyed).toBe(true)
})

it('leaves the next connection alone', () => {
  const [first, second] = [new Stream(), new Stream()]
  const redis = on(first)
  const silence = new Silence(redis, PATIENCE)
  silence.suspect()
  first.destroyed = true
  Object.assign(redis, on(second))
  vi.advanceTimersByTime(PATIENCE)
  expect(second.destroyed).toBe(false)
})
