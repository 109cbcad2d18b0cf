/**
 * A dropped connection loses no publication, on the same node and on another one; a client is notified when
 * recovery is impossible.
 */
import {
  ENCODINGS,
  freshChannel,
  redisCommand,
  scrape,
  startCluster,
  type TestCluster,
  total,
  waitFor,
} from '@skein/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

let cluster: TestCluster
beforeAll(async () => {
  cluster = await startCluster({ nodes: 3 })
})
afterAll(() => cluster.stop())

test('a forged message beyond the end of the stream costs one repair, and the subscriber recovers', async () => {
  const channel = freshChannel('room')
  const reader = await cluster.client({ node: 0, user: 'reader' })
  const read = await reader.subscribe(channel)
  await read.publish('one')
  await read.publications.first(1)
  const { epoch } = await cluster.api<{ epoch: string }>('history', { channel, limit: 0 })
  const dropped = async () =>
    total(await scrape(cluster.node(0).internalUrl), 'skein_ahead_dropped_total', { namespace: 'room' })
  const redis = (...args: string[]) => redisCommand(Number(new URL(cluster.redisUrl).port), args)
  const commands = async () =>
    Number(/total_commands_processed:(\d+)/.exec(await redis('INFO', 'stats'))?.[1])
  const before = await dropped()
  await redis('PUBLISH', `skein:{${channel}}`, `p1000000:${epoch}:{"data":"forged"}`)
  await waitFor('the drop', async () => (await dropped()) === before + 1)
  const start = await commands()
  await read.publish('two')
  await read.publications.first(2)
  expect(read.publications.all.map(({ data }) => data)).toEqual(['one', 'two'])
  expect((await commands()) - start).toBeLessThan(1000)
  expect(await dropped()).toBe(before + 1)
})

describe.each(ENCODINGS)('%s', (encoding) => {
  test.each([
    ['the same node', 1],
    ['another node', 2],
  ])('recovers the publications of a cut after a reconnect to %s', async (_where, next) => {
    const channel = freshChannel('room')
    const writer = await cluster.client({ node: 0, encoding, user: 'writer' })
    const written = await writer.subscribe(channel)
    const reader = await cluster.client({ node: 1, encoding, user: 'reader' })
    const read = await reader.subscribe(channel)
    await written.publish('before')
    await read.publications.first(1)

    reader.moveTo('ws://127.0.0.1:9/nobody-listens-here')
    reader.cut()
    await reader.next('connecting')
    for (const text of ['missed 1', 'missed 2', 'missed 3']) await written.publish(text)
    reader.moveTo(cluster.wsUrl(next))
    await read.next('subscribed')
    const again = await read.next('subscribed')
    await written.publish('after')

    expect((await read.publications.first(5)).map(({ data, offset }) => [offset, data])).toEqual([
      [1, 'before'],
      [2, 'missed 1'],
      [3, 'missed 2'],
      [4, 'missed 3'],
      [5, 'after'],
    ])
    expect(again).toMatchObject({ wasRecovering: true, recovered: true, hasRecoveredPublications: true })
  })

  test('reports recovered when nothing was missed, without a repeat', async () => {
    const channel = freshChannel('room')
    const reader = await cluster.client({ node: 0, encoding, user: 'reader' })
    const read = await reader.subscribe(channel)
    await read.publish('one')
    await read.publications.first(1)
    await read.next('subscribed')

    reader.cut()
    expect(await read.next('subscribed')).toMatchObject({
      wasRecovering: true,
      recovered: true,
      hasRecoveredPublications: false,
    })
    await read.publish('two')

    await read.publications.first(2)
    expect(read.publications.all.map(({ data }) => data)).toEqual(['one', 'two'])
  })

  test('recovers everything that the history holds', async () => {
    const channel = freshChannel('room')
    const writer = await cluster.client({ node: 0, encoding, user: 'writer' })
    const written = await writer.subscribe(channel)
    const reader = await cluster.client({ node: 1, encoding, user: 'reader' })
    const read = await reader.subscribe(channel)
    await read.next('subscribed')

    reader.moveTo('ws://127.0.0.1:9/nobody-listens-here')
    reader.cut()
    await reader.next('connecting')
    await Promise.all(Array.from({ length: 1000 }, (_, number) => written.publish(number)))
    reader.moveTo(cluster.wsUrl(2))

    expect(await read.next('subscribed')).toMatchObject({ wasRecovering: true, recovered: true })
    const all = await read.publications.first(1000)
    expect(all.map(({ data }) => data)).toEqual(Array.from({ length: 1000 }, (_, number) => number))
  })

  test('notifies the client when the history no longer holds what it missed, and continues from the top', async () => {
    const channel = freshChannel('short')
    const writer = await cluster.client({ node: 0, encoding, user: 'writer' })
    const written = await writer.subscribe(channel)
    const reader = await cluster.client({ node: 1, encoding, user: 'reader' })
    const read = await reader.subscribe(channel)
    await read.next('subscribed')
    await written.publish(0)
    await read.publications.first(1)

    reader.moveTo('ws://127.0.0.1:9/nobody-listens-here')
    reader.cut()
    await reader.next('connecting')
    for (let number = 1; number <= 10; number++) await written.publish(number)
    reader.moveTo(cluster.wsUrl(2))
    expect(await read.next('subscribed')).toMatchObject({ wasRecovering: true, recovered: false })
    await written.publish('after')

    expect(await read.publications.first(2)).toMatchObject([
      { data: 0, offset: 1 },
      { data: 'after', offset: 12 },
    ])
  })

  test('recovers from a position given by the application at the first subscribe', async () => {
    const channel = freshChannel('room')
    const writer = await cluster.client({ node: 0, encoding, user: 'writer' })
    const written = await writer.subscribe(channel)
    for (const text of ['one', 'two', 'three']) await written.publish(text)
    const { epoch } = await writer.sdk.history(channel, { limit: 0 })

    const reader = await cluster.client({ node: 2, encoding, user: 'reader' })
    const read = await reader.subscribe(channel, { since: { offset: 1, epoch } })

    expect((await read.publications.first(2)).map(({ data }) => data)).toEqual(['two', 'three'])
  })

  test('recovers server-side subscriptions of the token', async () => {
    const channel = freshChannel('server')
    const reader = await cluster.client({ node: 0, encoding, claims: { sub: 'reader', channels: [channel] } })
    await cluster.api('publish', { channel, data: 'before' })
    await reader.events.next(({ type }) => type === 'publication')

    reader.moveTo('ws://127.0.0.1:9/nobody-listens-here')
    reader.cut()
    await reader.next('connecting')
    await cluster.api('publish', { channel, data: 'missed' })
    reader.moveTo(cluster.wsUrl(1))

    expect(await reader.next('subscribed')).toMatchObject({ channel, wasRecovering: true, recovered: true })
    expect(await reader.next('publication')).toMatchObject({ channel, data: 'missed', offset: 2 })
  })
})
