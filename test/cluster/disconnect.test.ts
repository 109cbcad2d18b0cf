/**
 * One API call closes the connections of a user on all nodes, and the SDK handles each close code as the
 * table states.
 */
import { CLOSE, reconnects } from '@skein/protocol'
import { ENCODINGS, freshUser, startCluster, type TestClient, type TestCluster } from '@skein/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

let cluster: TestCluster
beforeAll(async () => {
  cluster = await startCluster({ nodes: 3 })
})
afterAll(() => cluster.stop())

/** A row of the table, or a code of the application. */
interface Row {
  readonly code: number
  readonly reason: string
}

const APPLICATION: readonly Row[] = [
  { code: 4000, reason: 'come back' },
  { code: 4499, reason: 'come back, the last' },
  { code: 4500, reason: 'stay away' },
  { code: 4999, reason: 'stay away, the last' },
]

describe.each(ENCODINGS)('%s', (encoding) => {
  test('all connections of a user on all nodes are closed, and no others', async () => {
    const [alice, bob] = [freshUser('alice'), freshUser('bob')]
    const hers = await Promise.all([0, 1, 2].map((node) => cluster.client({ node, encoding, user: alice })))
    const his = await Promise.all([0, 1, 2].map((node) => cluster.client({ node, encoding, user: bob })))

    await cluster.api('disconnect', { user: alice }, 1)

    for (const client of hers) {
      expect(await client.next('disconnected')).toEqual({ code: 3503, reason: 'force disconnect' })
      expect(await client.closes.next()).toEqual({ code: 3503, reason: 'force disconnect' })
    }
    for (const client of his) {
      await cluster.api('publish', { channel: `#${bob}`, data: 'still there?' })
      await client.next('publication')
      expect(client.sdk.state).toBe('connected')
    }
  })

  test('a whitelist spares connections, `client` selects one', async () => {
    const user = freshUser('alice')
    const [one, two, three] = await Promise.all([
      cluster.client({ node: 0, encoding, user }),
      cluster.client({ node: 1, encoding, user }),
      cluster.client({ node: 2, encoding, user }),
    ])
    await cluster.api('disconnect', { user, client: one.id })
    await one.next('disconnected')
    await cluster.api('disconnect', { user, whitelist: [three.id] })
    await two.next('disconnected')
    await cluster.api('publish', { channel: `#${user}`, data: 'still there?' })
    await three.next('publication')
    expect(three.sdk.state).toBe('connected')
  })

  test.each([...Object.values(CLOSE), ...APPLICATION])('$code $reason', async ({ code, reason }) => {
    const user = freshUser('user')
    const client = await cluster.client({ node: 0, encoding, user })
    await client.next('connected')

    await cluster.api('disconnect', { user, disconnect: { code, reason } }, 1)

    expect(await client.closes.next()).toEqual({ code, reason })
    if (reconnects(code)) await comesBack(client, code)
    else await staysAway(client, { code, reason })
  })
})

test.each([3503, 4500])(
  '%s without a reason gets one, because the SDK would reconnect otherwise',
  async (code) => {
    const user = freshUser('user')
    const client = await cluster.client({ node: 0, user })
    await cluster.api('disconnect', { user, disconnect: { code, reason: '' } }, 1)
    expect(await client.closes.next()).toEqual({ code, reason: expect.stringMatching(/./) })
    expect(await client.next('disconnected')).toMatchObject({ code })
  },
)

async function comesBack(client: TestClient, code: number): Promise<void> {
  expect(await client.next('connecting')).toMatchObject({ code })
  await client.next('connected')
  expect(client.count('disconnected')).toBe(0)
}

async function staysAway(client: TestClient, row: Row): Promise<void> {
  expect(await client.next('disconnected')).toEqual(row)
  expect(client.attempts).toBe(1)
  expect(client.sdk.state).toBe('disconnected')
}
