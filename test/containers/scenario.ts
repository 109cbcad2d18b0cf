/**
 * The main scenario with the official SDK: two clients on different nodes, one of which loses the network.
 */
import { freshChannel, signToken, TestClient, waitFor } from '@skein/testkit'
import { expect, onTestFinished } from 'vitest'

export interface Endpoint {
  /** WebSocket URL through nginx. */
  readonly wsUrl: string
  /** Secret of the tokens. Default: the secret of the testkit. */
  readonly secret?: string
  /** The current number of connections of each node. */
  connections(): Promise<ReadonlyMap<string, number>>
}

/** Makes nginx trust the private networks of Docker, so tests can choose client addresses. */
export const TRUST_THIS_MACHINE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16']
  .map((network) => `set_real_ip_from ${network};`)
  .join(' ')

/** An unconnected client of the network 203.0.N.0/24; it closes with the test. */
export function clientOf(endpoint: Endpoint, user: string, network: number): TestClient {
  const client = new TestClient({
    url: endpoint.wsUrl,
    name: user,
    token: signToken({ sub: user }, endpoint.secret),
    headers: { 'X-Forwarded-For': `203.0.${network}.7` },
  })
  onTestFinished(() => client.close())
  return client
}

/** Connects one client per network. */
export function clientsOf(
  endpoint: Endpoint,
  user: string,
  networks: readonly number[],
): Promise<TestClient[]> {
  return Promise.all(networks.map((network) => clientOf(endpoint, `${user}-${network}`, network).connect()))
}

/** Two connected clients on different nodes: the second tries networks until it reaches another node. */
export async function onDifferentNodes(endpoint: Endpoint): Promise<readonly [TestClient, TestClient]> {
  const before = await endpoint.connections()
  const anna = await clientOf(endpoint, 'anna', 1).connect()
  const hers = await grown(endpoint, before)
  for (let network = 2; network < 60; network++) {
    const since = await endpoint.connections()
    const ben = await clientOf(endpoint, 'ben', network).connect()
    if ((await grown(endpoint, since)) !== hers) return [anna, ben]
    ben.close()
    await waitFor('the try to be gone', async () => sum(await endpoint.connections()) === sum(since))
  }
  throw new Error('no network of sixty leads to another node')
}

/** Publishes both ways, cuts one client, and checks order and completeness. */
export async function meetAndTalk(anna: TestClient, ben: TestClient): Promise<void> {
  const channel = freshChannel('room')
  const hers = await anna.subscribe(channel)
  const his = await ben.subscribe(channel)

  for (let number = 1; number <= 100; number++) await hers.publish({ number })
  expect((await his.publications.first(100)).map(({ offset }) => offset)).toEqual(numbers(1, 100))

  const gone = ben.next('connecting')
  ben.cut()
  await gone
  for (let number = 101; number <= 150; number++) await hers.publish({ number })
  const received = await his.publications.first(150)
  expect(received.map(({ data }) => data)).toEqual(numbers(1, 150).map((number) => ({ number })))
  expect(received.map(({ offset }) => offset)).toEqual(numbers(1, 150))

  await his.publish('bye')
  const atHers = await hers.publications.first(151)
  expect(atHers.at(-1)).toMatchObject({ data: 'bye', user: 'ben', offset: 151 })
  // The last publication is number 151 for him, so nothing arrived twice.
  expect(await his.publications.first(151)).toHaveLength(151)
  expect(his.publications.all).toHaveLength(151)

  await waitFor('both to be present, once', async () => {
    const { clients } = await anna.sdk.presence(channel)
    const users = Object.values(clients).map(({ user }) => user)
    return users.toSorted().join() === 'anna,ben'
  })
}

async function grown(endpoint: Endpoint, before: ReadonlyMap<string, number>): Promise<string> {
  return await waitFor('a node to have one more connection', async () => {
    const now = [...(await endpoint.connections())]
    return now.find(([name, count]) => count > (before.get(name) ?? 0))?.[0]
  })
}

const sum = (connections: ReadonlyMap<string, number>): number =>
  [...connections.values()].reduce((total, count) => total + count, 0)

const numbers = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index)
