/** The contract of every broker for a channel with history: trimming, expiry, epochs, pages. */
import { assert, asyncProperty, boolean, integer } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { waitFor } from '../wait.ts'
import { inWorld } from './suite.ts'
import { type ContractNode, envelope, freshChannel, type MakeWorld } from './world.ts'

const KEPT = { historySize: 100, historyTtl: 60, metaTtl: 120 }
const ALL = { limit: -1, metaTtl: 120 }

export function streamContract(name: string, make: MakeWorld): void {
  describe(`stream contract: ${name}`, () => {
    const suite = inWorld(make)

    test('keeps the given number of publications, the newest', async () => {
      const [a, b] = await suite.pair()
      const channel = freshChannel()
      await publish(a, channel, 12, { ...KEPT, historySize: 5 })
      const page = await b.cluster.broker.history(channel, ALL)
      expect(page.publications.map((one) => one.offset)).toEqual([8, 9, 10, 11, 12])
      expect(page.offset).toBe(12)
    })

    test('expires publications and keeps the position', async () => {
      const [a] = await suite.pair()
      const channel = freshChannel()
      const { epoch } = await publish(a, channel, 3, { ...KEPT, historyTtl: 1 })
      await suite.world.elapse(1000)
      const page = await waitFor('the end of the publications', async () => {
        const read = await a.cluster.broker.history(channel, ALL)
        return read.publications.length === 0 && read
      })
      expect(page).toMatchObject({ offset: 3, epoch })
      expect(await publish(a, channel, 1, KEPT)).toMatchObject({ offset: 4, epoch })
    })

    test('expires the position too, and begins another epoch', async () => {
      const [a] = await suite.pair()
      const channel = freshChannel()
      const { epoch } = await publish(a, channel, 3, { ...KEPT, historyTtl: 1, metaTtl: 1 })
      await suite.world.elapse(1000)
      await waitFor('the end of the position', async () => {
        return (await a.cluster.broker.positions([channel]))[0] === undefined
      })
      const next = await publish(a, channel, 1, KEPT)
      expect(next.offset).toBe(1)
      expect(next.epoch).not.toBe(epoch)
    })

    test('keeps the epoch of the first caller', async () => {
      const [a, b] = await suite.pair()
      const channel = freshChannel()
      const read = await a.cluster.broker.history(channel, ALL)
      expect(read).toMatchObject({ offset: 0, publications: [] })
      expect(read.epoch).not.toBe('')
      expect(await publish(b, channel, 2, KEPT)).toMatchObject({ epoch: read.epoch, offset: 2 })
      expect(await a.cluster.broker.history(channel, ALL)).toMatchObject({ epoch: read.epoch, offset: 2 })
    })

    test.each(['publish', 'history'])(
      'begins another epoch after a lost position (found by %s)',
      async (first) => {
        const [a] = await suite.pair()
        const channel = freshChannel()
        const { epoch } = await publish(a, channel, 5, KEPT)
        await suite.world.loseMeta(channel)
        if (first === 'history') {
          const empty = await a.cluster.broker.history(channel, ALL)
          expect(empty).toMatchObject({ offset: 0, publications: [] })
          expect(empty.epoch).not.toBe(epoch)
        }
        const next = await publish(a, channel, 1, KEPT)
        expect(next.offset).toBe(1)
        expect(next.epoch).not.toBe(epoch)
        const page = await a.cluster.broker.history(channel, ALL)
        expect(page).toMatchObject({ offset: 1, epoch: next.epoch })
        expect(page.publications).toEqual([{ offset: 1, envelope: envelope(0) }])
      },
    )

    test('removes history and keeps the position', async () => {
      const [a, b] = await suite.pair()
      const channel = freshChannel()
      const { epoch } = await publish(a, channel, 4, KEPT)
      await b.cluster.broker.removeHistory(channel)
      expect(await a.cluster.broker.history(channel, ALL)).toEqual({ offset: 4, epoch, publications: [] })
      expect(await publish(a, channel, 1, KEPT)).toMatchObject({ offset: 5, epoch })
    })

    test('returns positions of several channels, where they exist', async () => {
      const [a, b] = await suite.pair()
      const [one, none, other] = [freshChannel(), freshChannel(), freshChannel()]
      const first = await publish(a, one, 2, KEPT)
      const second = await publish(b, other, 1, KEPT)
      expect(await a.cluster.broker.positions([one, none, other])).toEqual([
        { offset: 2, epoch: first.epoch },
        undefined,
        { offset: 1, epoch: second.epoch },
      ])
      expect(await a.cluster.broker.positions([])).toEqual([])
    })

    test('returns pages in both directions without repeats and gaps', async () => {
      const [a] = await suite.pair()
      await assert(
        asyncProperty(
          integer({ min: 0, max: 25 }),
          integer({ min: 1, max: 20 }),
          integer({ min: 1, max: 7 }),
          boolean(),
          async (published, historySize, limit, reverse) => {
            const channel = freshChannel()
            await publish(a, channel, published, { ...KEPT, historySize })
            const first = Math.max(1, published - historySize + 1)
            const kept = Array.from({ length: published - first + 1 }, (_, at) => first + at)
            const read = await readAll(a, channel, limit, reverse)
            expect(read).toEqual(reverse ? kept.reverse() : kept)
          },
        ),
        { numRuns: 40 },
      )
    })

    test('begins another epoch after a failover and continues the offsets', async () => {
      const [a, b] = await suite.pair()
      const channel = freshChannel()
      const lives = [await publish(a, channel, 3, KEPT)]
      for (let life = 0; life < 2; life++) {
        await suite.world.beginLife()
        const idempotencyKey = `life ${life}`
        const again = () => b.cluster.broker.publish(channel, envelope(life), { ...KEPT, idempotencyKey })
        lives.push(await waitFor('the first publication of a life', again))
      }
      expect(lives.map(({ offset }) => offset)).toEqual([3, 4, 5])
      expect(new Set(lives.map(({ epoch }) => epoch)).size).toBe(3)
      const page = await waitFor('history', () =>
        a.cluster.broker.history(channel, { limit: -1, metaTtl: 120 }),
      )
      expect(page).toMatchObject({ offset: 5, epoch: lives[2]?.epoch })
      expect(page.publications.map(({ offset }) => offset)).toEqual([1, 2, 3, 4, 5])
      const ends = lives.slice(0, 2).map(({ offset, epoch }) => ({ offset, epoch }))
      expect(page.before).toEqual(ends)
      // A node that has not heard of the new epoch joins it, and begins none of its own.
      const next = await waitFor('the other node', () => a.cluster.broker.publish(channel, envelope(9), KEPT))
      expect(next.epoch).toBe(lives[2]?.epoch)
    })

    test('continues a position from before the first publication, also over a failover', async () => {
      const [a, b] = await suite.pair()
      const channel = freshChannel()
      const { epoch } = await a.cluster.broker.history(channel, { limit: 0, metaTtl: 120 })
      await suite.world.beginLife()
      const publishing = () => b.cluster.broker.publish(channel, envelope(1), KEPT)
      expect(await waitFor('the first publication', publishing)).toMatchObject({ offset: 1 })
      const page = await waitFor('history', () => a.cluster.broker.history(channel, { ...ALL, since: 0 }))
      expect(page.publications).toHaveLength(1)
      const valid = [page.epoch, ...(page.before ?? []).map((one) => one.epoch)]
      expect(valid).toContain(epoch)
    })

    test('gives channels without a stream another epoch after a quarter of the meta TTL', async () => {
      const [a] = await suite.pair()
      const read = (channel: string) => a.cluster.broker.history(channel, { limit: -1, metaTtl: 8 })
      const channel = freshChannel()
      const first = await read(channel)
      expect(await read(channel)).toEqual(first)
      await suite.world.elapse(2100)
      const second = await read(channel)
      expect(second.epoch).not.toBe(first.epoch)
      expect(second.before).toContainEqual({ epoch: first.epoch, offset: 0 })
      await suite.world.elapse(2100)
      const third = await read(channel)
      expect(third.before).toContainEqual({ epoch: second.epoch, offset: 0 })
      expect(third.before).not.toContainEqual({ epoch: first.epoch, offset: 0 })
      const born = await publish(a, channel, 1, { historySize: 9, historyTtl: 4, metaTtl: 8 })
      expect(born).toMatchObject({ epoch: third.epoch, offset: 1 })
      expect((await read(channel)).before).toContainEqual({ epoch: second.epoch, offset: 0 })
    })

    test('returns the top position with every page; limit 0 returns the position only', async () => {
      const [a] = await suite.pair()
      const channel = freshChannel()
      const { epoch } = await publish(a, channel, 9, KEPT)
      // The epochs of the channel from before its first publication.
      const { before } = await a.cluster.broker.history(channel, { limit: 0, metaTtl: 120 })
      const top = { offset: 9, epoch, ...(before !== undefined && { before }) }
      const read = (filter: { since?: number; limit: number; reverse?: boolean }) =>
        a.cluster.broker.history(channel, { ...filter, metaTtl: 120 })
      expect(await read({ limit: 0 })).toEqual({ ...top, publications: [] })
      expect(await read({ since: 9, limit: -1 })).toEqual({ ...top, publications: [] })
      expect(await read({ since: 50, limit: -1 })).toEqual({ ...top, publications: [] })
      expect(await read({ since: 1, limit: -1, reverse: true })).toEqual({ ...top, publications: [] })
      expect(await read({ since: 7, limit: 5 })).toMatchObject({
        publications: [{ offset: 8 }, { offset: 9 }],
      })
      expect(await read({ limit: 2, reverse: true })).toMatchObject({
        ...top,
        publications: [{ offset: 9 }, { offset: 8 }],
      })
    })
  })
}

/** Publishes that many, one after the other; the last result. */
async function publish(
  { cluster }: ContractNode,
  channel: string,
  count: number,
  options: typeof KEPT,
): Promise<{ readonly offset: number; readonly epoch: string }> {
  let last = { offset: 0, epoch: '' }
  for (let at = 0; at < count; at++) last = await cluster.broker.publish(channel, envelope(at), options)
  return last
}

async function readAll(
  { cluster }: ContractNode,
  channel: string,
  limit: number,
  reverse: boolean,
): Promise<number[]> {
  const found: number[] = []
  for (;;) {
    const since = found.at(-1)
    const filter = { limit, reverse, metaTtl: 120, ...(since === undefined ? {} : { since }) }
    const { publications } = await cluster.broker.history(channel, filter)
    if (publications.length === 0) return found
    found.push(...publications.map((one) => one.offset))
  }
}
