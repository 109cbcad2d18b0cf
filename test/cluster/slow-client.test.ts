/**
 * A client that does not read is closed with 3008 when its outbox is full; others receive everything
 * meanwhile.
 */
import {
  ENCODINGS,
  freshChannel,
  scrape,
  startCluster,
  type TestCluster,
  total,
  waitFor,
} from '@skein/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

/** Twice the kernel's limit for one loopback socket (net.ipv4.tcp_wmem and tcp_rmem, 4 and 6 MiB). */
const BYTES = 20 * 1024 ** 2
const SIZE = 64 * 1024

let cluster: TestCluster
beforeAll(async () => {
  cluster = await startCluster({ nodes: 2, env: { SKEIN_OUTBOX_BYTES: '1MiB' } })
})
afterAll(() => cluster.stop())

describe.each(ENCODINGS)('%s', (encoding) => {
  test('a slow client is closed and counted, and others are not disturbed', async () => {
    const channel = freshChannel('feed')
    const closed = async () =>
      total(await scrape(cluster.node(0).internalUrl), 'skein_connections_closed_total', { code: '3008' })
    const before = await closed()
    const slow = await cluster.raw({ node: 0, encoding })
    await slow.request('connect', { token: cluster.token({ sub: 'slow' }) })
    await slow.request('subscribe', { channel })
    const quick = await cluster.client({ node: 0, encoding, user: 'quick' })
    const read = await quick.subscribe(channel)

    slow.socket.pause()
    for (let number = 1; number <= BYTES / SIZE; number++) {
      await cluster.api('publish', { channel, data: { number, fill: 'x'.repeat(SIZE) } }, 1)
      // The fast client shares this process with the publisher: it sets the pace, and stays fast.
      const received = await read.publications.first(number)
      expect(received.at(-1)?.data).toMatchObject({ number })
    }

    await waitFor('the slow client to be closed', async () => (await closed()) === before + 1)
    expect(quick.attempts).toBe(1)
  })
})
