import { describe, expect, it } from 'vitest'
import type { Timer } from '../ports.ts'
import type { Frame } from '../socket.ts'
import { TestClock } from '../testing/clock.ts'
import { type Flushable, Flusher, Flushers, NO_WINDOW } from './flusher.ts'
import { Writes } from './writes.ts'

const FRAME: Frame = { encoding: 'json', payload: new Uint8Array([1]) }

class Item implements Flushable {
  window = NO_WINDOW
  flushes = 0
  flush(): void {
    this.flushes++
  }
}

class CountingClock extends TestClock {
  armed = 0
  override setTimeout(run: () => void, ms: number): Timer {
    this.armed++
    return super.setTimeout(run, ms)
  }
}

describe('a flusher', () => {
  it('has no timer until something is written', () => {
    const clock = new CountingClock()
    const flusher = new Flusher(clock, 10)
    expect(flusher.quiet(new Item())).toBe(true)
    expect(clock.armed).toBe(0)
    flusher.wrote(new Item())
    flusher.wrote(new Item())
    expect(clock.armed).toBe(1)
  })

  it('counts an item as quiet again after 80 % of the window', async () => {
    const clock = new TestClock()
    const flusher = new Flusher(clock, 10)
    const item = new Item()
    flusher.wrote(item)
    await clock.advance(7)
    expect(flusher.quiet(item)).toBe(false)
    await clock.advance(1)
    expect(flusher.quiet(item)).toBe(true)
  })

  it('flushes each waiting item once, at the end of the window', async () => {
    const clock = new TestClock()
    const flusher = new Flusher(clock, 10)
    const items = Array.from({ length: 100 }, () => new Item())
    for (const item of items) flusher.wait(item)
    await clock.advance(9)
    expect(items.every(({ flushes }) => flushes === 0)).toBe(true)
    await clock.advance(1)
    expect(items.every(({ flushes }) => flushes === 1)).toBe(true)
    await clock.advance(100)
    expect(items.every(({ flushes }) => flushes === 1)).toBe(true)
  })

  it('flushes an item in the next window that waits again while it is flushed', async () => {
    const clock = new TestClock()
    const flusher = new Flusher(clock, 10)
    const item = new Item()
    item.flush = () => {
      item.flushes++
      if (item.flushes === 1) flusher.wait(item)
    }
    flusher.wait(item)
    await clock.advance(10)
    expect(item.flushes).toBe(1)
    await clock.advance(10)
    expect(item.flushes).toBe(2)
  })

  it('opens no window without a delay', () => {
    const clock = new CountingClock()
    const flusher = new Flusher(clock, 0)
    const item = new Item()
    flusher.wrote(item)
    expect(flusher.quiet(item)).toBe(true)
    expect(clock.armed).toBe(0)
  })

  it('shares the sequence of a frame within a window only', async () => {
    const clock = new TestClock()
    const flusher = new Flusher(clock, 10)
    flusher.wait(new Item())
    const root = flusher.root(FRAME)
    expect(flusher.root(FRAME)).toBe(root)
    expect(root.holders).toBe(2)
    await clock.advance(10)
    expect(flusher.root(FRAME)).not.toBe(root)
  })
})

describe('the flushers of a node', () => {
  it('are one for each delay', () => {
    const flushers = new Flushers(new TestClock(), 10, new Writes())
    expect(flushers.of()).toBe(flushers.standard)
    expect(flushers.of(10)).toBe(flushers.standard)
    expect(flushers.of(20)).toBe(flushers.of(20))
    expect(flushers.of(20).delay).toBe(20)
  })

  it('do not take the windows of each other for their own', () => {
    const flushers = new Flushers(new TestClock(), 10, new Writes())
    const item = new Item()
    flushers.of(20).wrote(item)
    expect(flushers.standard.quiet(item)).toBe(true)
    expect(flushers.of(20).quiet(item)).toBe(false)
  })
})
