import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BucketOptions, TokenBucket } from './token-bucket.ts'

function bucket(options: BucketOptions) {
  const time = { now: 0 }
  return { time, bucket: new TokenBucket(options, () => time.now) }
}

describe('a token bucket', () => {
  it('grants its burst at once, then delays callers, then rejects them with the time to retry', () => {
    const { bucket: made, time } = bucket({ rate: 10, burst: 2, patience: 250 })
    expect([made.take(), made.take()]).toEqual([
      { ok: true, wait: 0 },
      { ok: true, wait: 0 },
    ])
    expect([made.take(), made.take()]).toEqual([
      { ok: true, wait: 100 },
      { ok: true, wait: 200 },
    ])
    expect(made.take()).toEqual({ ok: false, retryIn: 50 })
    time.now = 50
    expect(made.take()).toEqual({ ok: true, wait: 250 })
  })

  it('without patience rejects an early caller', () => {
    const { bucket: made } = bucket({ rate: 10, burst: 1, patience: 0 })
    expect(made.take()).toEqual({ ok: true, wait: 0 })
    expect(made.take()).toEqual({ ok: false, retryIn: 100 })
  })

  it('of rate 0 limits nothing', () => {
    const { bucket: made } = bucket({ rate: 0, burst: 1, patience: 0 })
    for (let i = 0; i < 100; i++) expect(made.take()).toEqual({ ok: true, wait: 0 })
  })

  it('never grants more than burst + rate x time in any period', () => {
    const options = fc.record({
      rate: fc.integer({ min: 1, max: 500 }),
      burst: fc.integer({ min: 1, max: 100 }),
      patience: fc.integer({ min: 0, max: 2000 }),
    })
    const gaps = fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 300 })
    fc.assert(
      fc.property(options, gaps, (settings, steps) => {
        const { bucket: made, time } = bucket(settings)
        const begun: number[] = []
        for (const gap of steps) {
          time.now += gap
          const turn = made.take()
          if (turn.ok) begun.push(time.now + turn.wait)
        }
        for (const [first, from] of begun.entries()) {
          const last = begun.length - 1
          const allowed = settings.burst + (((begun[last] ?? 0) - from) / 1000) * settings.rate
          expect(last - first + 1).toBeLessThanOrEqual(allowed + 1e-6)
        }
      }),
      { numRuns: 200 },
    )
  })
})
