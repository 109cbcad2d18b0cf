import fc from 'fast-check'
import { expect, test } from 'vitest'
import { message, view } from '../testing/views.ts'
import { Unread } from './unread.ts'

/**
 * A log of messages, and cursors that move on two devices. `deliver` is what one device receives, with
 * repetitions.
 */
test('unread is the number of messages behind the read cursor for any repetition of events and refreshes', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('write' as const), own: fc.boolean() }),
    fc.record({
      kind: fc.constant('read' as const),
      here: fc.boolean(),
      part: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    fc.record({ kind: fc.constant('delete' as const), part: fc.double({ min: 0, max: 1, noNaN: true }) }),
    fc.record({ kind: fc.constant('again' as const) }),
    fc.record({ kind: fc.constant('ask' as const) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
      const log: { own: boolean; deleted: boolean }[] = []
      let [read, readAtServer] = [0, 0]
      const unread = new Unread('ada')
      const count = (from: number) =>
        log.filter(({ own, deleted }, at) => at + 1 > from && !own && !deleted).length
      const ask = () => {
        const top = { offset: log.length, epoch: 'e' }
        unread.view(view({ id: 'dm:ada:bob', top, read: readAtServer, unread: count(readAtServer) }))
        // The server receives the cursor, and its echo shows that its count began too early.
        readAtServer = Math.max(readAtServer, read)
        if (!unread.moved(read)) unread.view(view({ id: 'dm:ada:bob', top, read, unread: count(read) }))
      }
      const deliver = (at: number) => {
        const { own } = log[at] ?? { own: true }
        unread.message(message({ id: `m${at}`, from: own ? 'ada' : 'bob' }), at + 1)
      }
      ask()
      for (const next of steps) {
        if (next.kind === 'write') {
          log.push({ own: next.own, deleted: false })
          deliver(log.length - 1)
        } else if (next.kind === 'read') {
          read = Math.max(read, Math.round(next.part * log.length))
          const exact = unread.moved(read)
          if (!next.here || !exact) readAtServer = read
          if (!exact) ask()
        } else if (next.kind === 'delete' && log.length > 0) {
          const at = Math.min(log.length - 1, Math.floor(next.part * log.length))
          const entry = log[at]
          if (entry === undefined || entry.deleted) continue
          entry.deleted = true
          if (!unread.gone({ id: `m${at}`, offset: at + 1 })) ask()
        } else if (next.kind === 'again' && log.length > 0 && log.at(-1)?.deleted === false)
          deliver(log.length - 1)
        else if (next.kind === 'ask') ask()
        expect(unread.count(0).unread).toBe(count(read))
      }
    }),
  )
})
