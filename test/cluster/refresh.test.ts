/**
 * Tokens that expire: the SDK refreshes them and stays connected, or connection and subscription end with
 * their codes.
 */
import {
  ENCODINGS,
  freshChannel,
  freshUser,
  inSeconds,
  startCluster,
  type TestCluster,
  waitFor,
} from '@skein/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

/** Grace period of an expired token, seconds. */
const GRACE = 1

let cluster: TestCluster
beforeAll(async () => {
  cluster = await startCluster({ nodes: 2, env: { SKEIN_EXPIRED_GRACE: `${GRACE}s` } })
})
afterAll(() => cluster.stop())

describe.each(ENCODINGS)('%s', (encoding) => {
  test('the SDK refreshes an expiring token, and the connection stays', async () => {
    const [sub, channel] = [freshUser('alice'), freshChannel('room')]
    const ends = inSeconds(2)
    let asked = 0
    const getToken = async () => {
      asked += 1
      return cluster.token({ sub, exp: asked === 1 ? ends : inSeconds(3600) })
    }
    const client = await cluster.client({ node: 0, encoding, sdk: { getToken } })
    const id = client.id
    const subscription = await client.subscribe(channel)

    await waitFor('a second token to be asked for', () => asked === 2)
    await waitFor('the first token and its grace to be over', () => Date.now() / 1000 > ends + GRACE + 0.2)
    await subscription.publish('after the refresh')

    await subscription.publications.first(1)
    expect(client.id).toBe(id)
    expect(client.attempts).toBe(1)
    expect(client.count('disconnected')).toBe(0)
  })

  test('after the expiry only refresh is accepted, and deliveries wait for it', async () => {
    const [sub, channel, other] = [freshUser('alice'), freshChannel('room'), freshChannel('room')]
    const ends = inSeconds(1)
    const raw = await cluster.raw({ node: 0, encoding })
    await raw.request('connect', { token: cluster.token({ sub, exp: ends }) })
    await raw.request('subscribe', { channel })
    const witness = await (await cluster.client({ node: 0, encoding, user: freshUser('bob') })).subscribe(
      channel,
    )
    await waitFor('the token to expire', () => Date.now() / 1000 > ends + 0.2)

    await cluster.api('publish', { channel, data: 'for the refreshed' })
    await witness.publications.first(1)
    const publications = () =>
      raw.messages.all.filter((message) => message.kind === 'push' && message.push.kind === 'pub')
    expect(await raw.request('subscribe', { channel: other })).toMatchObject({ error: { code: 109 } })
    expect(publications()).toEqual([])
    const refresh = { token: cluster.token({ sub, exp: inSeconds(3600) }) }
    expect(await raw.request('refresh', refresh)).toMatchObject({ result: { expires: true } })
    await waitFor('the publication', () => publications().length === 1)
  })

  test('a connection without a refresh is closed with 3005, and the SDK reconnects with a new token', async () => {
    const sub = freshUser('alice')
    const client = await cluster.client({
      node: 0,
      encoding,
      token: cluster.token({ sub, exp: inSeconds(1) }),
      sdk: { getToken: () => new Promise<string>(() => undefined) },
    })
    expect(await client.closes.next(() => true, 8000)).toMatchObject({
      code: 3005,
      reason: 'connection expired',
    })
    expect(await client.next('connecting')).toMatchObject({ code: 0 })
    expect(await client.next('connecting')).toMatchObject({ code: 3005 })
  })

  test('an expired token is rejected with error 109, and the SDK fetches a new one and connects', async () => {
    const sub = freshUser('alice')
    const client = await cluster.client({
      node: 1,
      encoding,
      token: cluster.token({ sub, exp: inSeconds(-10) }),
      sdk: { getToken: async () => cluster.token({ sub, exp: inSeconds(60) }) },
    })
    expect(client.sdk.state).toBe('connected')
    expect(client.count('error')).toBe(1)
    expect(await client.next('error')).toMatchObject({ error: { code: 109 } })
  })

  test('a subscription token admits its user, and is refreshed before it expires', async () => {
    const [sub, channel] = [freshUser('alice'), freshChannel('private')]
    let asked = 0
    const getToken = async () => {
      asked += 1
      return cluster.token({ sub, channel, exp: inSeconds(asked === 1 ? 2 : 3600) })
    }
    const client = await cluster.client({ node: 0, encoding, user: sub })
    const subscription = await client.subscribe(channel, { getToken })

    await waitFor('a second token to be asked for', () => asked === 2)
    await subscription.publish('after the refresh')

    await subscription.publications.first(1)
    expect(subscription.events.all.map(({ type }) => type)).toEqual(['subscribing', 'subscribed'])
  })

  test('a subscription with an expired token ends with 2501, and the SDK resubscribes', async () => {
    const [sub, channel] = [freshUser('alice'), freshChannel('private')]
    let asked = 0
    const getToken = (): Promise<string> => {
      asked += 1
      if (asked === 2) return Promise.reject(new Error('the backend is away'))
      return Promise.resolve(cluster.token({ sub, channel, exp: inSeconds(asked === 1 ? 1 : 3600) }))
    }
    const client = await cluster.client({ node: 0, encoding, user: sub })
    const subscription = await client.subscribe(channel, { getToken })

    await subscription.next('subscribing')
    expect(await subscription.next('subscribing', 8000)).toMatchObject({ code: 2501 })
    await subscription.next('subscribed')
    expect(client.attempts).toBe(1)
  })

  test.each([
    ['no token', () => undefined],
    ['the token of another channel', (sub: string) => ({ sub, channel: 'private:another' })],
    ['the token of another user', (_sub: string, channel: string) => ({ sub: 'mallory', channel })],
  ])('%s does not open a private channel', async (_what, claims) => {
    const [sub, channel] = [freshUser('alice'), freshChannel('private')]
    const raw = await cluster.raw({ node: 0, encoding })
    await raw.request('connect', { token: cluster.token({ sub }) })
    const wanted = claims(sub, channel)
    const token = wanted === undefined ? undefined : cluster.token(wanted)
    const id = 99
    raw.sendCommand({ id, verb: 'subscribe', request: { channel, ...(token && { token }) } })
    const outcome = await Promise.race([raw.replyTo(id), raw.close()])
    expect(outcome).toMatchObject(token === undefined ? { error: { code: 103 } } : { code: 3500 })
  })

  test('the API extends a connection, and ends it on request', async () => {
    const user = freshUser('alice')
    const client = await cluster.client({ node: 1, encoding, user })

    await cluster.api('refresh', { user, expire_at: inSeconds(3600) })
    await cluster.api('refresh', { user, expired: true })

    expect(await client.closes.next()).toMatchObject({ code: 3005 })
    expect(await client.next('connected')).toBeDefined()
    await client.next('connected')
  })
})
