/** Any node may die at any moment: its clients reconnect through nginx to another one and miss nothing. */
import {
  ENCODINGS,
  freshChannel,
  pause,
  startCluster,
  type TestCluster,
  type TestSubscription,
  waitFor,
} from '@skein/testkit'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

let cluster: TestCluster
beforeEach(async () => {
  cluster = await startCluster({ nodes: 3, nginx: true, env: { SKEIN_DRAIN_WINDOW: '500ms' } })
})
afterEach(() => cluster.stop())

/** Publishes by node `from` until it is stopped; returns the number of acknowledged publications. */
function publishing(channel: string, from: number): { stop(): Promise<number> } {
  let going = true
  const run = async (): Promise<number> => {
    let count = 0
    while (going) {
      await cluster.api('publish', { channel, data: ++count }, from)
      await pause(2)
    }
    return count
  }
  const done = run()
  return {
    stop: () => {
      going = false
      return done
    },
  }
}

/** The index of the node that nginx gives to this address. */
async function nodeBehind(localAddress: string): Promise<number> {
  const probe = await cluster.raw({ localAddress })
  const reply = await probe.request('connect', { token: cluster.token({ sub: 'probe' }) })
  probe.terminate()
  const name = reply.verb === 'connect' ? reply.result.node : undefined
  return cluster.nodes.findIndex((node) => node.name === name)
}

async function expectAll({ publications }: TestSubscription, count: number): Promise<void> {
  await publications.first(count)
  expect(publications.all.map(({ data }) => data)).toEqual(Array.from({ length: count }, (_, i) => i + 1))
}

describe.each(ENCODINGS)('%s', (encoding) => {
  test.each(['SIGKILL', 'SIGTERM'] as const)('%s while messages flow', async (signal) => {
    const localAddress = '127.0.1.1'
    const channel = freshChannel('room')
    const client = await cluster.client({ encoding, user: 'alice', localAddress })
    const subscription = await client.subscribe(channel)
    const victim = await nodeBehind(localAddress)
    const other = (victim + 1) % 3
    const flow = publishing(channel, other)
    await subscription.publications.first(50)

    cluster.node(victim).kill(signal)
    await subscription.next('subscribed')
    await subscription.next('subscribed')
    await subscription.publications.first(subscription.publications.all.length + 50)

    await expectAll(subscription, await flow.stop())
    const { code } = await client.closes.next()
    expect(code).toBe(signal === 'SIGKILL' ? 1006 : 3001)
    await waitFor('presence to hold the one connection that lives', async () => {
      const { presence } = await cluster.api<{ presence: object }>('presence', { channel }, other)
      return Object.keys(presence).join() === client.id
    })
  })
})
