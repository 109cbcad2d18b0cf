/** A publication across nodes: every subscriber gets it, in Redis's order, in both encodings. */
import {
  ENCODINGS,
  freshChannel,
  startCluster,
  type TestCluster,
  type TestSubscription,
} from '@skein/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

let cluster: TestCluster
beforeAll(async () => {
  cluster = await startCluster({ nodes: 3, nginx: true })
})
afterAll(() => cluster.stop())

const dataOf = (subscription: TestSubscription) => subscription.publications.all.map(({ data }) => data)

describe.each(ENCODINGS)('%s', (encoding) => {
  test('two people on different nodes exchange messages through one endpoint', async () => {
    const channel = freshChannel('room')
    const alice = await cluster.client({ user: 'alice', encoding, localAddress: '127.0.1.1' })
    const bob = await cluster.client({ user: 'bob', encoding, localAddress: '127.0.2.1' })
    const hers = await alice.subscribe(channel)
    const his = await bob.subscribe(channel)

    await hers.publish({ text: 'hello, Bob' })
    await his.publish({ text: 'hello, Alice' })

    for (const subscription of [hers, his]) {
      expect(await subscription.publications.first(2)).toMatchObject([
        { data: { text: 'hello, Bob' }, offset: 1, user: 'alice' },
        { data: { text: 'hello, Alice' }, offset: 2, user: 'bob' },
      ])
    }
  })

  test('publishers on three nodes at once: every subscriber sees one order', async () => {
    const channel = freshChannel('room')
    const clients = await Promise.all(
      [0, 1, 2].map((node) => cluster.client({ node, encoding, user: `user-${node}` })),
    )
    const subscriptions = await Promise.all(clients.map((client) => client.subscribe(channel)))

    await Promise.all(
      subscriptions.map(async (subscription, author) => {
        for (let number = 0; number < 50; number++) await subscription.publish({ author, number })
      }),
    )

    for (const { publications } of subscriptions) await publications.first(150)
    const [first, ...others] = subscriptions.map(dataOf)
    for (const other of others) expect(other).toEqual(first)
    for (const { publications } of subscriptions) {
      expect(publications.all.map(({ offset }) => offset)).toEqual(
        Array.from({ length: 150 }, (_, i) => i + 1),
      )
    }
    for (const author of [0, 1, 2]) {
      const numbers = publishedBy(first ?? [], author)
      expect(numbers).toEqual(Array.from({ length: 50 }, (_, i) => i))
    }
  })

  test('a channel without history delivers without offsets', async () => {
    const channel = freshChannel('feed')
    const publisher = await cluster.client({ node: 0, encoding, user: 'alice' })
    const reader = await cluster.client({ node: 1, encoding, user: 'bob' })
    const mine = await publisher.subscribe(channel)
    const theirs = await reader.subscribe(channel)

    await mine.publish([1, 'two', null, { three: 3 }])

    expect(await theirs.publications.next()).toMatchObject({
      data: [1, 'two', null, { three: 3 }],
      offset: 0,
    })
  })

  test('delivers nothing after an unsubscribe', async () => {
    const channel = freshChannel('room')
    const alice = await cluster.client({ node: 0, encoding, user: 'alice' })
    const bob = await cluster.client({ node: 1, encoding, user: 'bob' })
    const hers = await alice.subscribe(channel)
    const his = await bob.subscribe(channel)
    await hers.publish('while he listens')
    await his.publications.first(1)

    his.sdk.unsubscribe()
    const barrier = await bob.subscribe(freshChannel('room'))
    await hers.publish('after he left')
    await hers.publications.first(2)
    await barrier.publish('barrier')
    await barrier.publications.first(1)

    expect(dataOf(his)).toEqual(['while he listens'])
  })
})

test('a JSON client and a Protobuf client exchange messages in one channel', async () => {
  const channel = freshChannel('room')
  const text = await cluster.client({ node: 0, encoding: 'json', user: 'text' })
  const binary = await cluster.client({ node: 1, encoding: 'protobuf', user: 'binary' })
  const textual = await text.subscribe(channel)
  const binaries = await binary.subscribe(channel)

  await textual.publish({ text: 'grüße, 世界 🌍', nested: [{ deep: [true, null] }] })
  await binaries.publish({ from: 'binary' })

  for (const { publications } of [textual, binaries]) {
    expect((await publications.first(2)).map(({ data }) => data)).toEqual([
      { text: 'grüße, 世界 🌍', nested: [{ deep: [true, null] }] },
      { from: 'binary' },
    ])
  }
})

test('preserves numbers beyond 2^53 and the order of keys', async () => {
  const channel = freshChannel('room')
  const reader = await cluster.client({ node: 2, encoding: 'protobuf', user: 'reader' })
  const bytes: string[] = []
  const subscription = await reader.subscribe(channel)
  subscription.sdk.on('publication', ({ data }) => bytes.push(new TextDecoder().decode(data as Uint8Array)))
  const raw = await cluster.raw({ node: 0 })
  await raw.request('connect', { token: cluster.token({ sub: 'raw' }) })
  await raw.request('subscribe', { channel })

  const data = '{"z":12345678901234567890,"a":1.0,"10":1e400,"2":"\\u0000"}'
  expect(await raw.request('publish', { channel, data })).toMatchObject({ verb: 'publish' })

  await subscription.sdk.publish(new TextEncoder().encode('"barrier"'))
  await subscription.publications.first(2).catch(() => undefined)
  expect(bytes[0]).toBe(data)
})

function publishedBy(all: readonly unknown[], author: number): readonly number[] {
  return (all as readonly { author: number; number: number }[])
    .filter((data) => data.author === author)
    .map(({ number }) => number)
}
