import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { Checker, FINDINGS, readTrace, type TraceEvent, TraceWriter, type Verdict } from './index.ts'

const CHANNEL = 'room:1'
const NOTHING = { lost: 0, duplicated: 0, disordered: 0, unnotified: 0, absent: 0, broken: 0 }

/**
 * Ten publications to two clients; the connection of `b` is cut after the fourth, and `b` recovers after the
 * seventh.
 */
function honest(): TraceEvent[] {
  const events: TraceEvent[] = []
  const of = (client: string) => ({ client, channel: CHANNEL })
  for (const client of ['a', 'b']) {
    events.push({ kind: 'subscribed', at: 1, ...of(client), epoch: 'e', offset: 0 })
  }
  for (let n = 1; n <= 10; n++) {
    const at = n * 10
    events.push({ kind: 'attempted', at, ...of('p'), id: `p-${n}` })
    events.push({ kind: 'delivered', at: at + 1, ...of('a'), offset: n, id: `p-${n}`, sent: at })
    events.push({ kind: 'acknowledged', at: at + 2, ...of('p'), id: `p-${n}` })
    if (n === 4) events.push({ kind: 'left', at: at + 3, client: 'b', own: true, code: 1006 })
    if (n === 7) {
      events.push({ kind: 'returned', at: at + 3, client: 'b' })
      events.push({ kind: 'subscribed', at: at + 4, ...of('b'), epoch: 'e', offset: 4, recovered: true })
      for (let m = 5; m <= 7; m++) events.push(delivered('b', m, at + 4))
    }
    if (n <= 4 || n > 7) events.push(delivered('b', n, at + 1))
  }
  const publications = Array.from({ length: 10 }, (_, i) => ({ offset: i + 1, id: `p-${i + 1}` }))
  events.push({ kind: 'stream', at: 200, channel: CHANNEL, epoch: 'e', offset: 10, publications })
  for (const client of ['a', 'b']) events.push({ kind: 'rested', at: 201, client, live: true })
  return events
}

function delivered(client: string, offset: number, at: number, id = `p-${offset}`): TraceEvent {
  return { kind: 'delivered', at, client, channel: CHANNEL, offset, id, sent: offset * 10 }
}

function judge(events: readonly TraceEvent[]): Verdict {
  const checker = new Checker()
  for (const event of events) checker.add(event)
  return checker.verdict()
}

/** The index of the delivery of an offset to a client. */
function deliveryOf(events: readonly TraceEvent[], client: string, offset: number): number {
  return events.findIndex((e) => e.kind === 'delivered' && e.client === client && e.offset === offset)
}

function mutated(change: (events: TraceEvent[]) => void): Verdict {
  const events = honest()
  change(events)
  return judge(events)
}

test('a correct run has no findings', () => {
  expect(judge(honest())).toMatchObject({
    published: 10,
    acknowledged: 10,
    refused: 0,
    delivered: 20,
    notified: 0,
    forfeited: 0,
    found: NOTHING,
    examples: [],
    longestAbsence: 1,
  })
})

test('a loss is found, also at the end of the stream', () => {
  for (const offset of [2, 6, 10]) {
    const verdict = mutated((events) => events.splice(deliveryOf(events, 'b', offset), 1))
    expect(verdict.found, `offset ${offset}`).toEqual({ ...NOTHING, lost: 1 })
  }
})

test('an acknowledged publication that no client received is lost', () => {
  const verdict = mutated((events) => {
    events.unshift({ kind: 'acknowledged', at: 60, client: 'p', channel: CHANNEL, id: 'gone' })
    events.unshift({ kind: 'attempted', at: 55, client: 'p', channel: CHANNEL, id: 'gone' })
  })
  expect(verdict.found).toEqual({ ...NOTHING, lost: 1 })
  expect(verdict.examples[0]).toMatchObject({ kind: 'lost', event: { id: 'gone' } })
})

test('a rejected or unanswered publication may be missing', () => {
  const verdict = mutated((events) => {
    events.unshift({ kind: 'refused', at: 60, client: 'p', channel: CHANNEL, id: 'gone', code: 0 })
    events.unshift({ kind: 'attempted', at: 55, client: 'p', channel: CHANNEL, id: 'gone' })
  })
  expect(verdict).toMatchObject({ refused: 1, found: NOTHING })
})

test('a duplicate is found: live, by recovery, and as a second place in the stream', () => {
  const live = mutated((events) => events.splice(deliveryOf(events, 'a', 5), 0, delivered('a', 4, 50)))
  expect(live.found).toEqual({ ...NOTHING, duplicated: 1 })
  const recovered = mutated((events) => events.splice(deliveryOf(events, 'b', 5), 0, delivered('b', 4, 74)))
  expect(recovered.found).toEqual({ ...NOTHING, duplicated: 1 })
  const stored = mutated((events) => {
    const stream = events.find((event) => event.kind === 'stream')
    if (stream === undefined) throw new Error('no stream')
    const publications = [...stream.publications, { offset: 11, id: 'p-3' }]
    events[events.indexOf(stream)] = { ...stream, offset: 11, publications }
    events.push(delivered('a', 11, 199, 'p-3'), delivered('b', 11, 199, 'p-3'))
  })
  expect(stored.found).toMatchObject({ lost: 0, disordered: 0 })
  expect(stored.found.duplicated).toBeGreaterThan(0)
})

test('a swap is found: of arrivals, of contents, and against real time', () => {
  const arrivals = mutated((events) => {
    const at = deliveryOf(events, 'a', 5)
    const next = deliveryOf(events, 'a', 6)
    const [five, six] = [events[at], events[next]]
    if (five === undefined || six === undefined) throw new Error('not delivered')
    events[at] = six
    events[next] = five
  })
  expect(arrivals.found).toEqual({ ...NOTHING, disordered: 1 })

  const contents = mutated((events) => {
    events[deliveryOf(events, 'b', 5)] = delivered('b', 5, 74, 'p-6')
    events[deliveryOf(events, 'b', 6)] = delivered('b', 6, 74, 'p-5')
  })
  expect(contents.found.disordered).toBeGreaterThan(0)

  const realTime = mutated((events) => {
    for (const [at, event] of events.entries()) {
      if ('id' in event && event.id === 'p-9') events[at] = { ...event, id: 'p-8' }
      else if ('id' in event && event.id === 'p-8') events[at] = { ...event, id: 'p-9' }
    }
    const stream = events.findIndex((event) => event.kind === 'stream')
    events.splice(stream, 1)
    for (const event of events) {
      if (event.kind !== 'delivered') continue
      if (event.offset === 8) Object.assign(event, { id: 'p-8' })
      if (event.offset === 9) Object.assign(event, { id: 'p-9' })
    }
  })
  expect(realTime.found).toEqual({ ...NOTHING, disordered: 1 })
})

test('a silent gap after a recovery that claims to be complete is found', () => {
  const verdict = mutated((events) => {
    for (const offset of [5, 6, 7]) events.splice(deliveryOf(events, 'b', offset), 1)
  })
  expect(verdict.found).toEqual({ ...NOTHING, lost: 3 })
})

test('the same gap is no loss when the client was notified', () => {
  const verdict = mutated((events) => {
    for (const offset of [5, 6, 7]) events.splice(deliveryOf(events, 'b', offset), 1)
    const at = events.findIndex((event) => event.kind === 'subscribed' && event.recovered === true)
    const event = events[at]
    if (event?.kind === 'subscribed') events[at] = { ...event, offset: 7, recovered: false }
  })
  expect(verdict).toMatchObject({ notified: 1, found: NOTHING })
})

test('a subscriber that goes on in an ended epoch without a notice is a finding', () => {
  const verdict = mutated((events) => {
    const at = events.findIndex((event) => event.kind === 'stream')
    events[at] = { kind: 'stream', at: 200, channel: CHANNEL, epoch: 'f', offset: 0, publications: [] }
  })
  expect(verdict.found).toEqual({ ...NOTHING, unnotified: 2 })
  expect(verdict.forfeited).toBe(10)
})

test('a publication that Redis lost is forfeited when every client was notified of the new epoch', () => {
  const verdict = mutated((events) => {
    const at = events.findIndex((event) => event.kind === 'stream')
    events[at] = { kind: 'stream', at: 200, channel: CHANNEL, epoch: 'f', offset: 0, publications: [] }
    for (const client of ['a', 'b']) {
      const where = { client, channel: CHANNEL, epoch: 'f', offset: 0, recovered: false }
      events.splice(at, 0, { kind: 'subscribed', at: 150, ...where })
    }
  })
  expect(verdict).toMatchObject({ notified: 2, forfeited: 10, found: NOTHING })
})

test('a client that does not reconnect, and one that is closed for good, are findings', () => {
  const verdict = mutated((events) => {
    events.push({ kind: 'rested', at: 202, client: 'c', live: false })
    events.push({ kind: 'broken', at: 202, client: 'd', what: 'closed with 3500' })
  })
  expect(verdict.found).toEqual({ ...NOTHING, absent: 1, broken: 1 })
})

test('healing lasts from the end of a fault to the last late moment before the next fault', () => {
  const verdict = mutated((events) => {
    const fault = { kind: 'fault', name: 'kill' } as const
    events.push({ ...fault, at: 5000, phase: 'begins' }, { ...fault, at: 6000, phase: 'ends' })
    events.push({ kind: 'refused', at: 7010, client: 'p', channel: CHANNEL, id: 'x', code: 100 })
    events.push({ ...fault, at: 9000, phase: 'begins' }, { ...fault, at: 9000, phase: 'ends' })
    events.push({ kind: 'left', at: 9000, client: 'a', own: false, code: 1006 })
    const again = { client: 'a', channel: CHANNEL, epoch: 'e', offset: 10, recovered: true }
    events.push({ kind: 'subscribed', at: 12_020, ...again })
  })
  expect(verdict).toMatchObject({ found: NOTHING, healed: 3050, longestAbsence: 3020 })
})

test('a trace is the same after it was written to a file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'skein-trace-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const writer = new TraceWriter(join(folder, 'trace.jsonl'))
  for (const event of honest()) writer.write(event)
  writer.close()
  const read: TraceEvent[] = []
  for await (const event of readTrace(join(folder, 'trace.jsonl'))) read.push(event)
  expect(read).toEqual(honest())
  expect(FINDINGS.every((kind) => judge(read).found[kind] === 0)).toBe(true)
})
