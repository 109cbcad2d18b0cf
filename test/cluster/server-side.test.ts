/**
 * Subscriptions that the server makes: personal channels, the token's `channels`, and calls of the server
 * API.
 */
import {
  ENCODINGS,
  freshChannel,
  freshUser,
  startCluster,
  type TestClient,
  type TestCluster,
} from '@skein/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

let cluster: TestCluster
beforeAll(async () => {
  cluster = await startCluster({ nodes: 3 })
})
afterAll(() => cluster.stop())

const published = (client: TestClient, channel: string) =>
  client.events.all
    .filter((event) => event.type === 'publication' && event.context.channel === channel)
    .map((event) => event.context.data)

/** Events of this client before the barrier, which comes through the same channel and node. */
async function barrier(client: TestClient, channel: string): Promise<void> {
  await cluster.api('publish', { channel, data: 'barrier' })
  await client.events.find(
    ({ type, context }) =>
      type === 'publication' && context.channel === channel && context.data === 'barrier',
  )
}

describe.each(ENCODINGS)('%s', (encoding) => {
  test('a publication to #user reaches all devices of the user on all nodes, and no other user', async () => {
    const [alice, bob] = [freshUser('alice'), freshUser('bob')]
    const devices = await Promise.all(
      [0, 1, 2].map((node) => cluster.client({ node, encoding, user: alice })),
    )
    const other = await cluster.client({ node: 0, encoding, user: bob })

    await cluster.api('publish', { channel: `#${alice}`, data: { for: 'alice' } })

    for (const device of devices) {
      expect(await device.next('publication')).toMatchObject({ channel: `#${alice}`, data: { for: 'alice' } })
    }
    await barrier(other, `#${bob}`)
    expect(other.count('publication')).toBe(1)
  })

  test('publications to #user while the user is away arrive after the reconnect, on another node', async () => {
    const user = freshUser('alice')
    const alice = await cluster.client({ node: 0, encoding, user })
    await cluster.api('publish', { channel: `#${user}`, data: 1 })
    await alice.next('publication')

    alice.moveTo('ws://127.0.0.1:9/nobody-listens-here')
    alice.cut()
    await alice.next('connecting')
    await cluster.api('publish', { channel: `#${user}`, data: 2 })
    alice.moveTo(cluster.wsUrl(1))

    expect(await alice.next('publication')).toMatchObject({ data: 2 })
    await barrier(alice, `#${user}`)
    expect(published(alice, `#${user}`)).toEqual([1, 2, 'barrier'])
  })

  test("another user's personal channel rejects a subscribe", async () => {
    const client = await cluster.client({ node: 0, encoding, user: freshUser('eve') })
    const subscription = client.subscription(`#${freshUser('alice')}`)
    await expect(subscription.subscribe()).rejects.toMatchObject({ code: 103 })
  })

  test("another user's personal channel in a token closes the connection with 3500", async () => {
    const raw = await cluster.raw({ node: 0, encoding })
    const [sub, other] = [freshUser('eve'), freshUser('alice')]
    raw.sendCommand({
      id: 1,
      verb: 'connect',
      request: { token: cluster.token({ sub, channels: [`#${other}`] }) },
    })
    expect(await raw.close()).toMatchObject({ code: 3500 })
  })

  test('channels of the token are subscribed by the server at connect', async () => {
    const [one, two] = [freshChannel('server'), freshChannel('server')]
    const client = await cluster.client({ node: 1, encoding, claims: { sub: 'alice', channels: [one, two] } })

    await cluster.api('publish', { channel: one, data: 1 })
    await cluster.api('publish', { channel: two, data: 2 })

    await client.events.find(({ type, context }) => type === 'publication' && context.channel === one)
    await client.events.find(({ type, context }) => type === 'publication' && context.channel === two)
    expect(published(client, one)).toEqual([1])
    expect(published(client, two)).toEqual([2])
    const presence = await cluster.api('presence_stats', { channel: one })
    expect(presence).toMatchObject({ num_clients: 1, num_users: 1 })
  })

  test('the API subscribes and unsubscribes all connections of a user, on every node', async () => {
    const [user, channel] = [freshUser('alice'), freshChannel('server')]
    const devices = await Promise.all([0, 1].map((node) => cluster.client({ node, encoding, user })))

    await cluster.api('subscribe', { user, channel }, 2)
    for (const device of devices) {
      await device.events.find(({ type, context }) => type === 'subscribed' && context.channel === channel)
    }
    await cluster.api('publish', { channel, data: 'subscribed' })
    for (const device of devices) {
      await device.events.find(({ type, context }) => type === 'publication' && context.channel === channel)
    }

    await cluster.api('unsubscribe', { user, channel }, 2)
    for (const device of devices) {
      await device.events.find(({ type, context }) => type === 'unsubscribed' && context.channel === channel)
    }
    await cluster.api('publish', { channel, data: 'unsubscribed' })
    for (const device of devices) await barrier(device, `#${user}`)
    for (const device of devices) expect(published(device, channel)).toEqual(['subscribed'])
  })

  test('unsubscribing by the API ends a client-side subscription permanently (2000)', async () => {
    const [user, channel] = [freshUser('alice'), freshChannel('room')]
    const client = await cluster.client({ node: 0, encoding, user })
    const subscription = await client.subscribe(channel)

    await cluster.api('unsubscribe', { user, channel }, 1)

    expect(await subscription.next('unsubscribed')).toMatchObject({ code: 2000 })
    expect(subscription.sdk.state).toBe('unsubscribed')
  })

  test('`client` limits the call to one connection', async () => {
    const [user, channel] = [freshUser('alice'), freshChannel('server')]
    const first = await cluster.client({ node: 0, encoding, user })
    const second = await cluster.client({ node: 1, encoding, user })

    await cluster.api('subscribe', { user, channel, client: second.id })
    await second.events.find(({ type, context }) => type === 'subscribed' && context.channel === channel)

    await cluster.api('publish', { channel, data: 'for one' })
    await second.events.find(({ context }) => context.data === 'for one')
    await barrier(first, `#${user}`)
    expect(published(first, channel)).toEqual([])
  })

  test('a client-side subscribe to a server-side channel is rejected with 105', async () => {
    const channel = freshChannel('server')
    const raw = await cluster.raw({ node: 0, encoding })
    await raw.request('connect', { token: cluster.token({ sub: 'alice', channels: [channel] }) })
    expect(await raw.request('subscribe', { channel })).toMatchObject({ verb: 'error', error: { code: 105 } })
  })
})
