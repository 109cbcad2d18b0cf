/** Deltas and compression with the official SDK: it returns the published data in every case. */
import { ENCODINGS, freshChannel, startCluster, type TestCluster } from '@skein/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const CHANNELS = {
  namespaces: {
    state: {
      historySize: 100,
      historyTtl: 60,
      recovery: true,
      delta: true,
      subscribe: 'anyone',
      publish: 'anyone',
    },
    flow: { delta: true, subscribe: 'anyone', publish: 'anyone' },
  },
} as const

/** Long enough for compression, in several scripts, and mostly equal to the one before. */
const state = (n: number) => ({
  title: 'Kurse · котировки · 相場 🎉',
  quotes: Array.from({ length: 10 }, (_, at) => ({ symbol: `S${at}`, price: at === n % 10 ? n / 7 : at })),
  n,
})
const states = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => state(from + at))
const datas = (publications: readonly { readonly data: unknown }[]) => publications.map(({ data }) => data)

let cluster: TestCluster
beforeAll(async () => {
  cluster = await startCluster({ nodes: 2, channels: CHANNELS, env: { SKEIN_COMPRESSION: 'shared' } })
})
afterAll(() => cluster.stop())

const publish = async (channel: string, from: number, to: number): Promise<void> => {
  for (const data of states(from, to)) await cluster.api('publish', { channel, data })
}

const CLIENTS = ENCODINGS.flatMap((encoding) =>
  [false, true].map((offersCompression) => ({ encoding, offersCompression })),
)

describe.each(CLIENTS)('$encoding, compression offered: $offersCompression', (kind) => {
  test.each(['state', 'flow'])(
    'in %s all is right, for those who asked for deltas and those who did not',
    async (namespace) => {
      const channel = freshChannel(namespace)
      const [asking, late, other] = [
        await cluster.client({ ...kind, node: 0, user: 'asking' }),
        await cluster.client({ ...kind, node: 0, user: 'late' }),
        await cluster.client({ ...kind, node: 0, user: 'other', offersCompression: !kind.offersCompression }),
      ]
      const deltas = await asking.subscribe(channel, { delta: 'fossil' })
      const plain = await other.subscribe(channel)
      await publish(channel, 1, 10)
      await deltas.publications.first(10)
      const lateDeltas = await late.subscribe(channel, { delta: 'fossil' })
      await publish(channel, 11, 20)
      expect(datas(await deltas.publications.first(20))).toEqual(states(1, 20))
      expect(datas(await plain.publications.first(20))).toEqual(states(1, 20))
      expect(datas(await lateDeltas.publications.first(10))).toEqual(states(11, 20))
      expect(deltas.sdk.deltaStats()).toMatchObject({ numFullPayloads: 1, numDeltaPayloads: 19 })
      expect(lateDeltas.sdk.deltaStats()).toMatchObject({ numFullPayloads: 1, numDeltaPayloads: 9 })
    },
  )

  test('recovery on another node returns the missed publications, and deltas continue from them', async () => {
    const channel = freshChannel('state')
    const reader = await cluster.client({ ...kind, node: 0, user: 'reader' })
    const witness = await cluster.client({ ...kind, node: 1, user: 'witness' })
    const read = await reader.subscribe(channel, { delta: 'fossil' })
    const witnessed = await witness.subscribe(channel, { delta: 'fossil' })
    await publish(channel, 1, 5)
    await read.publications.first(5)
    reader.moveTo('ws://127.0.0.1:9/nobody-listens-here')
    reader.cut()
    await reader.next('connecting')
    await publish(channel, 6, 15)
    await witnessed.publications.first(15)
    reader.moveTo(cluster.wsUrl(1))
    await read.next('subscribed')
    expect(await read.next('subscribed')).toMatchObject({ recovered: true })
    await publish(channel, 16, 20)
    expect(datas(await read.publications.first(20))).toEqual(states(1, 20))
    expect(datas(await witnessed.publications.first(20))).toEqual(states(1, 20))
    expect(read.sdk.deltaStats()).toMatchObject({ numFullPayloads: 2, numDeltaPayloads: 18 })
  })

  test('a client that unsubscribes and subscribes again gets a full publication first', async () => {
    const channel = freshChannel('flow')
    const client = await cluster.client({ ...kind, node: 0, user: 'reader' })
    const read = await client.subscribe(channel, { delta: 'fossil' })
    await publish(channel, 1, 3)
    await read.publications.first(3)
    read.sdk.unsubscribe()
    await publish(channel, 4, 6)
    await read.subscribe()
    await publish(channel, 7, 9)
    expect(datas(await read.publications.first(6))).toEqual([...states(1, 3), ...states(7, 9)])
    expect(read.sdk.deltaStats()).toMatchObject({ numFullPayloads: 2, numDeltaPayloads: 4 })
  })
})
