import { describe, expect, it, onTestFinished } from 'vitest'
import { type Load, loadReader, Overload, type OverloadLimits } from './overload.ts'

const MIB = 1024 ** 2
const WELL: Load = { loopDelay: 2, resident: 100 * MIB, heap: 50, heapLimit: 100 }

function watched(limits: Partial<OverloadLimits> = {}) {
  let load = WELL
  const overload = new Overload({ maxLoopDelay: 200, maxMemory: 500 * MIB, ...limits }, () => load)
  onTestFinished(() => overload.stop())
  const readings = (count: number, change: Partial<Load>): readonly string[] => {
    load = { ...WELL, ...change }
    for (let i = 0; i < count; i++) overload.observe()
    return overload.causes
  }
  return { overload, readings }
}

describe('overload', () => {
  it('by a late event loop starts after more than one late observation, and ends after several good ones', () => {
    const { overload, readings } = watched()
    expect(readings(1, { loopDelay: 4000 })).toEqual([])
    expect(readings(1, {})).toEqual([])
    expect(readings(2, { loopDelay: 250 })).toEqual(['loop'])
    expect(overload.reasons).toEqual(['overloaded: the event loop runs 250 ms late'])
    expect(readings(5, { loopDelay: 150 })).toEqual(['loop'])
    expect(readings(2, { loopDelay: 50 })).toEqual(['loop'])
    expect(readings(1, { loopDelay: 50 })).toEqual([])
    expect(overload.reasons).toEqual([])
  })

  it('by memory starts with the resident memory, or with the heap', () => {
    const { overload, readings } = watched()
    expect(readings(2, { resident: 501 * MIB })).toEqual(['memory'])
    expect(overload.reasons).toEqual(['overloaded: 501 MiB of memory are used'])
    expect(readings(3, { resident: 480 * MIB })).toEqual(['memory'])
    expect(readings(3, { resident: 400 * MIB })).toEqual([])
    expect(readings(2, { heap: 95 * MIB, heapLimit: 100 * MIB })).toEqual(['memory'])
    expect(overload.reasons).toEqual(['overloaded: 95 of 100 MiB of the heap are used'])
  })

  it('by the event loop is not checked if disabled', () => {
    expect(watched({ maxLoopDelay: 0 }).readings(5, { loopDelay: 10_000 })).toEqual([])
  })
})

it('the reader returns the memory of this process', () => {
  const load = loadReader({ lately: () => 7 })()
  expect(load.loopDelay).toBe(7)
  expect(load.resident).toBeGreaterThan(10 * MIB)
  expect(load.heapLimit).toBeGreaterThan(load.heap)
})
