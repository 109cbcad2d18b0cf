/**
 * The history of a channel, read from any node: complete, in pages forwards and backwards, and from a
 * position.
 */
import { ENCODINGS, freshChannel, startCluster, type TestClient, type TestCluster } from '@skein/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

let cluster: TestCluster
beforeAll(async () => {
  cluster = await startCluster({ nodes: 3 })
})
afterAll(() => cluster.stop())

/** A reader on another node than the publisher, subscribed to a channel with `count` publications. */
async function filled(encoding: 'json' | 'protobuf', count: number, namespace = 'room') {
  const channel = freshChannel(namespace)
  const writer = await cluster.client({ node: 0, encoding, user: 'writer' })
  const written = await writer.subscribe(channel)
  for (let number = 1; number <= count; number++) await written.publish({ number })
  const reader = await cluster.client({ node: 1, encoding, user: 'reader' })
  await reader.subscribe(channel)
  return { channel, reader, writer: written }
}

async function offsets(client: TestClient, channel: string, options: object): Promise<readonly unknown[]> {
  const page = await client.sdk.history(channel, options)
  return page.publications.map(({ offset }) => offset)
}

describe.each(ENCODINGS)('%s', (encoding) => {
  test('limit 0 returns the position only', async () => {
    const { channel, reader } = await filled(encoding, 4)
    const page = await reader.sdk.history(channel, { limit: 0 })
    expect(page).toMatchObject({ publications: [], offset: 4 })
    expect(page.epoch).not.toBe('')
  })

  test('data and author are those of the publication', async () => {
    const { channel, reader } = await filled(encoding, 2)
    const { publications } = await reader.sdk.history(channel, { limit: -1 })
    const bytes = (value: unknown): unknown =>
      value instanceof Uint8Array ? JSON.parse(new TextDecoder().decode(value)) : value
    expect(publications.map(({ data, info }) => [bytes(data), info?.user])).toEqual([
      [{ number: 1 }, 'writer'],
      [{ number: 2 }, 'writer'],
    ])
  })

  test('pages forwards', async () => {
    const { channel, reader } = await filled(encoding, 10)
    const { epoch } = await reader.sdk.history(channel, { limit: 0 })
    expect(await offsets(reader, channel, { limit: 4 })).toEqual([1, 2, 3, 4])
    expect(await offsets(reader, channel, { limit: 4, since: { offset: 4, epoch } })).toEqual([5, 6, 7, 8])
    expect(await offsets(reader, channel, { limit: 4, since: { offset: 8, epoch } })).toEqual([9, 10])
    expect(await offsets(reader, channel, { limit: 4, since: { offset: 10, epoch } })).toEqual([])
  })

  test('pages backwards', async () => {
    const { channel, reader } = await filled(encoding, 10)
    const { epoch } = await reader.sdk.history(channel, { limit: 0 })
    expect(await offsets(reader, channel, { limit: 4, reverse: true })).toEqual([10, 9, 8, 7])
    const older = { limit: 4, reverse: true, since: { offset: 7, epoch } }
    expect(await offsets(reader, channel, older)).toEqual([6, 5, 4, 3])
    const oldest = { limit: 4, reverse: true, since: { offset: 3, epoch } }
    expect(await offsets(reader, channel, oldest)).toEqual([2, 1])
  })

  test('a position of another epoch is rejected with error 112', async () => {
    const { channel, reader } = await filled(encoding, 2)
    const history = reader.sdk.history(channel, { limit: 10, since: { offset: 1, epoch: 'another' } })
    await expect(history).rejects.toMatchObject({ code: 112 })
  })

  test('trimming removes the oldest, and offsets continue', async () => {
    const { channel, reader } = await filled(encoding, 5, 'short')
    expect(await offsets(reader, channel, { limit: -1 })).toEqual([3, 4, 5])
  })

  test('a channel without history is rejected with 108, a channel without subscription with 103', async () => {
    const reader = await cluster.client({ node: 2, encoding, user: 'reader' })
    const feed = freshChannel('feed')
    await reader.subscribe(feed)
    await expect(reader.sdk.history(feed, { limit: 1 })).rejects.toMatchObject({ code: 108 })
    await expect(reader.sdk.history(freshChannel('room'), { limit: 1 })).rejects.toMatchObject({ code: 103 })
  })
})
