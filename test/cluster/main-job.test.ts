/**
 * The main job: two people on different nodes, 10,000 messages in one room, received in offset order exactly
 * once; at 1,000 a second with the receiver's wire cut ten times, and at full speed without cuts.
 */
import {
  ENCODINGS,
  freshChannel,
  pause,
  startCluster,
  type TestCluster,
  type TestSubscription,
} from '@skein/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const MESSAGES = 10_000
const RATE = 1000
const CUTS = 10

let cluster: TestCluster
beforeAll(async () => {
  cluster = await startCluster({ nodes: 3, nginx: true })
})
afterAll(() => cluster.stop())

describe.each(ENCODINGS)('%s', (encoding) => {
  test('receives all messages once at 1,000 a second, with ten cuts', async () => {
    const { sender, receiver, received } = await twoPeople(encoding)

    const sending = sendAtRate(sender)
    for (let cut = 0; cut < CUTS; cut++) {
      await received.publications.find(({ offset }) => offset > ((cut + 0.5) * MESSAGES) / CUTS, 30_000)
      // Reconnects through nginx to the same node, or to the next one.
      receiver.moveTo(cut % 2 === 0 ? cluster.wsUrl() : cluster.wsUrl(cut % 3))
      receiver.cut()
    }
    await sending

    await expectAll(received)
    const subscribed = received.events.all.filter(({ type }) => type === 'subscribed').slice(1)
    expect(subscribed.length).toBe(CUTS)
    for (const { context } of subscribed)
      expect(context).toMatchObject({ wasRecovering: true, recovered: true })
  })

  test('receives all messages once at full speed, without cuts', async () => {
    const { sender, receiver, received } = await twoPeople(encoding)

    await sendAtFullSpeed(sender)

    await expectAll(received)
    expect(receiver.attempts).toBe(1)
    expect(received.events.all.map(({ type }) => type)).toEqual(['subscribing', 'subscribed'])
  })
})

/** Both through the public endpoint, which gives them different nodes, and both in one fresh room. */
async function twoPeople(encoding: 'json' | 'protobuf') {
  const channel = freshChannel('room')
  const [home, away] = await twoNetworks()
  const alice = await cluster.client({ encoding, user: 'alice', localAddress: home })
  const receiver = await cluster.client({ encoding, user: 'bob', localAddress: away })
  return { sender: await alice.subscribe(channel), receiver, received: await receiver.subscribe(channel) }
}

/** Source addresses that nginx sends to different nodes. */
async function twoNetworks(): Promise<readonly [string, string]> {
  const home = '127.0.1.1'
  const first = await nodeBehind(home)
  for (let network = 2; network < 50; network++) {
    const away = `127.0.${network}.1`
    if ((await nodeBehind(away)) !== first) return [home, away]
  }
  throw new Error('nginx sends 50 networks to one node')
}

async function nodeBehind(localAddress: string): Promise<string | undefined> {
  const probe = await cluster.raw({ localAddress })
  const reply = await probe.request('connect', { token: cluster.token({ sub: 'probe' }) })
  probe.terminate()
  return reply.verb === 'connect' ? reply.result.node : undefined
}

/** A hundred groups of 10 a second; resolves when each publication is acknowledged. */
async function sendAtRate(sender: TestSubscription): Promise<void> {
  const group = RATE / 100
  const acknowledged: Promise<void>[] = []
  const start = performance.now()
  for (let number = 1; number <= MESSAGES; number++) {
    acknowledged.push(sender.publish({ number }))
    const ahead = (number * 1000) / RATE - (performance.now() - start)
    if (number % group === 0 && ahead > 0) await pause(ahead)
  }
  await Promise.all(acknowledged)
}

/** As many in flight as a connection's inbox holds. */
async function sendAtFullSpeed(sender: TestSubscription): Promise<void> {
  const inFlight = 256
  for (let number = 1; number <= MESSAGES; number += inFlight) {
    const count = Math.min(inFlight, MESSAGES - number + 1)
    await Promise.all(Array.from({ length: count }, (_, i) => sender.publish({ number: number + i })))
  }
}

/** Every message once, in the order of its offset, which is the order of its sender. */
async function expectAll({ publications }: TestSubscription): Promise<void> {
  await publications.first(MESSAGES, 30_000)
  const expected = Array.from({ length: MESSAGES }, (_, i) => i + 1)
  expect(publications.all.map(({ offset }) => offset)).toEqual(expected)
  expect(publications.all.map(({ data }) => (data as { number: number }).number)).toEqual(expected)
}
