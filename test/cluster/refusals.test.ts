/** Commands that a bare node or a namespace does not offer are rejected with the code of the reason. */
import { ENCODINGS, freshChannel, startCluster, type TestCluster } from '@skein/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

let cluster: TestCluster
beforeAll(async () => {
  cluster = await startCluster({ nodes: 1 })
})
afterAll(() => cluster.stop())

describe.each(ENCODINGS)('%s', (encoding) => {
  test('rpc without an application: error 108', async () => {
    const client = await cluster.client({ encoding, user: 'alice' })
    await expect(client.sdk.rpc('anything', null)).rejects.toMatchObject({ code: 108 })
    expect(client.sdk.state).toBe('connected')
  })

  test('send without an application: closed with 3508, permanently', async () => {
    const client = await cluster.client({ encoding, user: 'alice' })
    await client.sdk.send(encoding === 'json' ? { to: 'nobody' } : new TextEncoder().encode('{}'))
    expect(await client.closes.next()).toMatchObject({
      code: 3508,
      reason: expect.stringContaining('not available'),
    })
    expect(await client.next('disconnected')).toMatchObject({ code: 3508 })
  })

  test('a channel outside every namespace: error 102', async () => {
    const client = await cluster.client({ encoding, user: 'alice' })
    for (const channel of ['nowhere:1', 'without-namespace']) {
      await expect(client.subscription(channel).subscribe()).rejects.toMatchObject({ code: 102 })
      await expect(client.publish(channel, 1)).rejects.toMatchObject({ code: 102 })
    }
  })

  test('publishing in a channel for the server only: error 103', async () => {
    const client = await cluster.client({ encoding, user: 'alice' })
    const news = await client.subscribe(freshChannel('news'))
    await expect(news.publish('fake news')).rejects.toMatchObject({ code: 103 })
  })

  test('publishing without a subscription: error 103', async () => {
    const client = await cluster.client({ encoding, user: 'alice' })
    await expect(client.publish(freshChannel('room'), 'hello')).rejects.toMatchObject({ code: 103 })
  })

  test('no token: the connection is rejected permanently', async () => {
    const client = cluster.newClient({ encoding })
    client.sdk.connect()
    const { code } = await client.next('disconnected')
    expect(code).toBeGreaterThanOrEqual(3500)
  })
})
