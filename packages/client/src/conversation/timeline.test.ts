import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { item, message } from '../testing/views.ts'
import type { Item } from '../wire/shapes.ts'
import { Timeline } from './timeline.ts'

const offsets = (timeline: Timeline): number[] => timeline.items.map(({ offset }) => offset)
const page = (items: readonly Item[], top: number, next?: number) => ({
  items,
  top: { offset: top, epoch: 'e' },
  ...(next !== undefined && { next }),
})

describe('a timeline', () => {
  test('keeps messages that arrive while its newest page is loading, once each', () => {
    const timeline = new Timeline()
    timeline.expect()
    timeline.message(message({ id: 'three' }), 3)
    timeline.message(message({ id: 'four' }), 4)
    timeline.newest(page([item(1), item(2), item(3, { id: 'three' })], 3))
    expect(offsets(timeline)).toEqual([1, 2, 3, 4])
  })

  test('orders messages that overtook each other', () => {
    const timeline = new Timeline()
    timeline.newest(page([item(1)], 1))
    expect([3, 2, 3, 1].map((offset) => timeline.message(message({ id: `x${offset}` }), offset))).toEqual([
      true,
      true,
      false,
      false,
    ])
    expect(offsets(timeline)).toEqual([1, 2, 3])
  })

  test('ignores a repeated page and a page of another log', () => {
    const timeline = new Timeline()
    timeline.newest(page([item(5), item(6)], 6, 5))
    timeline.older(page([item(3), item(4)], 6, 3), 5)
    timeline.older(page([item(3), item(4)], 6, 3), 5)
    timeline.older({ ...page([item(1)], 6), top: { offset: 6, epoch: 'other' } }, 3)
    expect(offsets(timeline)).toEqual([3, 4, 5, 6])
    expect(timeline.complete).toBe(false)
    timeline.older(page([item(1), item(2)], 6), 3)
    expect(timeline.complete).toBe(true)
  })

  test('applies a change that arrived before its message, and keeps the higher version', () => {
    const timeline = new Timeline()
    timeline.newest(page([item(5)], 7, 5))
    timeline.amended({ id: 'old', offset: 2 }, { version: 2, body: 'second' })
    timeline.amended({ id: 'old', offset: 2 }, { version: 1, body: 'first' })
    timeline.older(page([item(2, { id: 'old' }), item(3, { id: 'new', version: 3, body: 'third' })], 7), 5)
    expect(timeline.items.map(({ body }) => body)).toEqual(['second', 'third', 'm5'])
  })

  test('replaces the amended state, so missing members are removed', () => {
    const timeline = new Timeline()
    timeline.newest(page([item(1, { id: 'x', version: 1, reactions: { '👍': ['ada'] } })], 1))
    timeline.amended({ id: 'x', offset: 1 }, { version: 2 })
    expect(timeline.items[0]).not.toHaveProperty('reactions')
    timeline.amended({ id: 'x', offset: 1 }, { version: 3, deletedAt: 5, deletedBy: 'bob' })
    expect(timeline.items[0]).toMatchObject({ body: '', deletedAt: 5 })
  })

  test('shows no hidden or expired messages', () => {
    const timeline = new Timeline()
    timeline.newest(page([item(2, { id: 'h' }), item(3, { expiresAt: 50 })], 3, 2))
    timeline.hidden({ id: 'h', offset: 2 })
    timeline.expire(50)
    timeline.older(page([item(1, { id: 'h1' })], 3), 2)
    timeline.message(message({ id: 'h' }), 2)
    expect(offsets(timeline)).toEqual([1])
  })
})

test('a timeline is a contiguous, ordered part of the log up to its end for any order of pages and events', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('write' as const) }),
    fc.record({ kind: fc.constant('deliver' as const), skip: fc.nat(2) }),
    fc.record({ kind: fc.constant('ask' as const) }),
    fc.record({ kind: fc.constant('answer' as const) }),
    fc.record({ kind: fc.constant('older' as const), size: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ kind: fc.constant('again' as const) }),
  )
  fc.assert(
    fc.property(fc.nat(8), fc.array(step, { maxLength: 60 }), (written, steps) => {
      const timeline = new Timeline()
      let top = written
      /** Written but not delivered; up to two of them overtake each other. */
      const coming: number[] = []
      let asked: Parameters<Timeline['newest']>[0] | undefined
      const pageOf = (before: number, size: number) => {
        const from = Math.max(1, before - size)
        const items = Array.from({ length: Math.max(0, before - from) }, (_, at) => item(from + at))
        return page(items, top, from > 1 ? from : undefined)
      }
      const hear = (at: number) => {
        const [offset] = coming.splice(at, 1)
        if (offset !== undefined) timeline.message(item(offset), offset)
      }
      for (const next of steps) {
        if (next.kind === 'write') coming.push(++top)
        else if (next.kind === 'deliver') hear(Math.min(next.skip, Math.max(0, coming.length - 1)))
        else if (next.kind === 'ask' && asked === undefined && !timeline.loaded) {
          timeline.expect()
          asked = pageOf(top + 1, 3)
        } else if (next.kind === 'answer' && asked !== undefined) {
          timeline.newest(asked)
          asked = undefined
        } else if (next.kind === 'older' && timeline.before !== undefined)
          timeline.older(pageOf(timeline.before, next.size), timeline.before)
        else if (next.kind === 'again' && top > 0) timeline.message(item(top), top)
      }
      if (asked !== undefined) timeline.newest(asked)
      while (coming.length > 0) hear(0)
      if (!timeline.loaded) return
      const first = timeline.items[0]?.offset ?? top + 1
      expect(timeline.items.map(({ offset }) => offset)).toEqual(
        Array.from({ length: top - first + 1 }, (_, at) => first + at),
      )
    }),
  )
})
