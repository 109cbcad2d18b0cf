/**
 * The contract of every broker: order, offsets, idempotency, and a channel's interest. `streams.ts` covers
 * streams.
 */
import { describe, expect, test } from 'vitest'
import { waitFor } from '../wait.ts'
import { inWorld } from './suite.ts'
import { envelope, freshChannel, type MakeWorld } from './world.ts'

const KEPT = { historySize: 2000, historyTtl: 60, metaTtl: 120 }
const UNKEPT = { historySize: 0, historyTtl: 0, metaTtl: 0 }

export function brokerContract(name: string, make: MakeWorld): void {
  describe(`broker contract: ${name}`, () => {
    const suite = inWorld(make)

    test('resolves subscribe when publications reach the listener', async () => {
      const [a, b] = await suite.pair()
      for (let round = 0; round < 20; round++) {
        const channel = freshChannel()
        await b.cluster.broker.subscribe(channel)
        await a.cluster.broker.publish(channel, envelope(round), UNKEPT)
        await waitFor('the publication', () => b.heard.envelopes(channel).length === 1)
      }
    })

    test("delivers a node's own publications by the same way", async () => {
      const [a] = await suite.pair()
      const channel = freshChannel()
      await a.cluster.broker.subscribe(channel)
      await a.cluster.broker.publish(channel, envelope('own'), KEPT)
      await waitFor('the publication', () => a.heard.envelopes(channel).length === 1)
    })

    test('delivers nothing of the channel after unsubscribe', async () => {
      const [a, b] = await suite.pair()
      const [left, barrier] = [freshChannel(), freshChannel()]
      await b.cluster.broker.subscribe(left)
      await b.cluster.broker.subscribe(barrier)
      await b.cluster.broker.unsubscribe(left)
      await a.cluster.broker.publish(left, envelope('unheard'), UNKEPT)
      await a.cluster.broker.publish(barrier, envelope('heard'), UNKEPT)
      await waitFor('the barrier', () => b.heard.envelopes(barrier).length === 1)
      expect(b.heard.envelopes(left)).toEqual([])
    })

    test('ends concurrent subscribes and unsubscribes in the last requested state', async () => {
      const [a, b] = await suite.pair()
      const channel = freshChannel()
      for (let round = 0; round < 10; round++) {
        await b.cluster.broker.subscribe(channel)
        await b.cluster.broker.unsubscribe(channel)
      }
      await b.cluster.broker.subscribe(channel)
      await a.cluster.broker.publish(channel, envelope(1), UNKEPT)
      await waitFor('the publication', () => b.heard.envelopes(channel).length === 1)
    })

    test('gives every node one order of two publishers, offsets without gap', async () => {
      const [a, b] = await suite.pair()
      const channel = freshChannel()
      for (const node of [a, b]) await node.cluster.broker.subscribe(channel)
      const publish = (at: number) =>
        (at % 2 === 0 ? a : b).cluster.broker.publish(channel, envelope(at), KEPT)
      const results = await Promise.all(Array.from({ length: 600 }, (_, at) => publish(at)))
      const expected = Array.from({ length: 600 }, (_, at) => at + 1)
      expect(results.map((result) => result.offset).sort((one, other) => one - other)).toEqual(expected)
      for (const node of [a, b]) {
        await waitFor('all publications', () => node.heard.offsets(channel).length === 600)
        expect(node.heard.offsets(channel)).toEqual(expected)
      }
      expect(a.heard.envelopes(channel)).toEqual(b.heard.envelopes(channel))
      const { publications } = await a.cluster.broker.history(channel, { limit: -1, metaTtl: 120 })
      expect(publications.map((one) => one.envelope)).toEqual(a.heard.envelopes(channel))
    })

    test('gives no position without history', async () => {
      const [a, b] = await suite.pair()
      const channel = freshChannel()
      await b.cluster.broker.subscribe(channel)
      const result = await a.cluster.broker.publish(channel, envelope(1), UNKEPT)
      expect(result).toEqual({ offset: 0, epoch: '', duplicate: false })
      await waitFor('the publication', () => b.heard.publications.length === 1)
      expect(b.heard.publications[0]).toMatchObject({ offset: 0, epoch: '' })
    })

    test.each([
      ['with', KEPT],
      ['without', UNKEPT],
    ])('makes one publication and one result of an idempotency key, %s history', async (_name, options) => {
      const [a, b] = await suite.pair()
      const channel = freshChannel()
      await b.cluster.broker.subscribe(channel)
      const publish = (at: number) =>
        (at % 2 === 0 ? a : b).cluster.broker.publish(channel, envelope(at), {
          ...options,
          idempotencyKey: 'order 1',
        })
      const results = await Promise.all(Array.from({ length: 20 }, (_, at) => publish(at)))
      expect(results.filter((result) => !result.duplicate)).toHaveLength(1)
      const positions = results.map(({ offset, epoch }) => `${offset} ${epoch}`)
      expect(new Set(positions).size).toBe(1)
      const again = await b.cluster.broker.publish(channel, envelope('again'), {
        ...options,
        idempotencyKey: 'order 1',
      })
      expect(again).toEqual({ ...results[0], duplicate: true })
      await a.cluster.broker.publish(channel, envelope('barrier'), options)
      await waitFor('the barrier', () => b.heard.envelopes(channel).includes(envelope('barrier')))
      expect(b.heard.envelopes(channel)).toHaveLength(2)
    })

    test('keeps an idempotency key within its channel', async () => {
      const [a] = await suite.pair()
      const options = { ...KEPT, idempotencyKey: 'k' }
      const first = await a.cluster.broker.publish(freshChannel(), envelope(1), options)
      const second = await a.cluster.broker.publish(freshChannel(), envelope(1), options)
      expect([first.duplicate, second.duplicate]).toEqual([false, false])
    })

    test.each(['кухня ☕', 'a{b}c', '}', '%7D', 'with space\nand newline', 'p1:e:x'])(
      'a channel may be called %j',
      async (odd) => {
        const [a, b] = await suite.pair()
        const channel = `${freshChannel()}${odd}`
        await b.cluster.broker.subscribe(channel)
        const text = envelope({ text: 'é ☕ \u2028 "quoted" :' })
        const { epoch } = await a.cluster.broker.publish(channel, text, KEPT)
        await waitFor('the publication', () => b.heard.publications.length === 1)
        expect(b.heard.publications).toEqual([{ channel, offset: 1, epoch, envelope: text }])
        const page = await b.cluster.broker.history(channel, { limit: -1, metaTtl: 120 })
        expect(page.publications).toEqual([{ offset: 1, envelope: text }])
      },
    )

    test.each(['alice', 'ключ:}x'])(
      'the personal channel of %s goes to nodes with sessions of the user, once each',
      async (name) => {
        const nodes = await suite.start('a', 'b', 'c')
        const user = `${name}${freshChannel()}`
        const channel = `#${user}`
        const [a, b, c] = nodes
        if (a === undefined || b === undefined || c === undefined) throw new Error('three nodes')
        const add = (node: typeof a, client: string) =>
          node.cluster.sessions.add({ user, client, connectedAt: 1 })
        await Promise.all([add(a, 'a1'), add(a, 'a2'), add(b, 'b1')])
        const barrier = freshChannel()
        for (const node of nodes) await node.cluster.broker.subscribe(barrier)
        await c.cluster.broker.publish(channel, envelope('kept'), KEPT)
        await c.cluster.broker.publish(channel, envelope('unkept'), UNKEPT)
        await b.cluster.sessions.remove(user, 'b1')
        await c.cluster.broker.publish(channel, envelope('late'), KEPT)
        await c.cluster.broker.publish(barrier, envelope('end'), UNKEPT)
        for (const node of nodes) {
          await waitFor('the barrier', () => node.heard.envelopes(barrier).length === 1)
        }
        expect(a.heard.envelopes(channel)).toEqual(['kept', 'unkept', 'late'].map(envelope))
        expect(a.heard.offsets(channel)).toEqual([1, 0, 2])
        expect(b.heard.envelopes(channel)).toEqual(['kept', 'unkept'].map(envelope))
        expect(c.heard.envelopes(channel)).toEqual([])
        await a.cluster.sessions.remove(user, 'a1')
        await a.cluster.sessions.remove(user, 'a2')
      },
    )
  })
}
