/** Presence is the same on every node; joins and leaves are published once per user. */
import { ENCODINGS, freshChannel, startCluster, type TestCluster, waitFor } from '@skein/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

let cluster: TestCluster
beforeAll(async () => {
  cluster = await startCluster({ nodes: 3 })
})
afterAll(() => cluster.stop())

describe.each(ENCODINGS)('%s', (encoding) => {
  test('presence and its counts are the same from every node', async () => {
    const channel = freshChannel('room')
    const alice = await cluster.client({
      node: 0,
      encoding,
      claims: { sub: 'alice', info: { name: 'Alice' } },
    })
    const alice2 = await cluster.client({ node: 1, encoding, user: 'alice' })
    const bob = await cluster.client({ node: 2, encoding, user: 'bob' })
    const everyone = [alice, alice2, bob]
    for (const client of everyone) await client.subscribe(channel)

    for (const client of everyone) {
      const { clients } = await client.sdk.presence(channel)
      const users = Object.entries(clients).map(([id, info]) => [id, info.client, info.user])
      expect(users.sort()).toEqual(
        [
          [alice.id, alice.id, 'alice'],
          [alice2.id, alice2.id, 'alice'],
          [bob.id, bob.id, 'bob'],
        ].sort(),
      )
      expect(await client.sdk.presenceStats(channel)).toMatchObject({ numClients: 3, numUsers: 2 })
    }
    expect(await cluster.api('presence', { channel }, 2)).toMatchObject({
      presence: { [alice.id]: { client: alice.id, user: 'alice', conn_info: { name: 'Alice' } } },
    })
  })

  test('a client that unsubscribes, disconnects or is cut off is no longer present', async () => {
    const channel = freshChannel('room')
    const watcher = await cluster.client({ node: 0, encoding, user: 'watcher' })
    await watcher.subscribe(channel)
    const ways = ['unsubscribe', 'disconnect', 'cut'] as const
    for (const [index, way] of ways.entries()) {
      const leaver = await cluster.client({ node: index, encoding, user: way })
      const left = await leaver.subscribe(channel)
      expect(await watcher.sdk.presenceStats(channel)).toMatchObject({ numClients: 2 })
      if (way === 'unsubscribe') left.sdk.unsubscribe()
      if (way === 'disconnect') leaver.sdk.disconnect()
      if (way === 'cut') {
        leaver.moveTo('ws://127.0.0.1:9/nobody-listens-here')
        leaver.cut()
      }
      await waitFor(`nobody but the watcher after ${way}`, async () => {
        const { clients } = await watcher.sdk.presence(channel)
        return Object.keys(clients).join() === watcher.id
      })
    }
  })

  test('joins and leaves cross nodes, once per user with any number of connections', async () => {
    const channel = freshChannel('room')
    const watcher = await cluster.client({ node: 0, encoding, user: 'watcher' })
    const watched = await watcher.subscribe(channel, { joinLeave: true })
    const bob1 = await cluster.client({ node: 1, encoding, user: 'bob' })
    const bob2 = await cluster.client({ node: 2, encoding, user: 'bob' })
    await bob1.subscribe(channel)
    await bob2.subscribe(channel)
    bob1.close()
    await waitFor('one Bob less', async () => (await watcher.sdk.presenceStats(channel)).numClients === 2)
    bob2.close()
    await watched.events.find((event) => event.type === 'leave' && event.context.info?.user === 'bob')
    const barrier = await cluster.client({ node: 1, encoding, user: 'barrier' })
    await barrier.subscribe(channel)
    await watched.events.find((event) => event.context.info?.user === 'barrier')

    const others = (users: readonly string[]) => users.filter((user) => user !== 'watcher')
    expect(others(watched.users('join'))).toEqual(['bob', 'barrier'])
    expect(others(watched.users('leave'))).toEqual(['bob'])
  })

  test('a client that did not ask for joins gets none', async () => {
    const channel = freshChannel('room')
    const silent = await cluster.client({ node: 0, encoding, user: 'silent' })
    const subscription = await silent.subscribe(channel)
    const other = await cluster.client({ node: 1, encoding, user: 'other' })
    const theirs = await other.subscribe(channel)
    await theirs.publish('barrier')
    await subscription.publications.first(1)

    expect(subscription.users('join')).toEqual([])
  })

  test('a channel without presence rejects the command with 108', async () => {
    const channel = freshChannel('feed')
    const client = await cluster.client({ node: 0, encoding, user: 'alice' })
    await client.subscribe(channel)
    await expect(client.sdk.presence(channel)).rejects.toMatchObject({ code: 108 })
    await expect(client.sdk.presenceStats(channel)).rejects.toMatchObject({ code: 108 })
  })
})
