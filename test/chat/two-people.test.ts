/**
 * Two people with the official SDK on nodes in different processes; one node is killed, and no message is
 * lost or repeated.
 */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { decodeSendReply, encodeSendRequest } from '@skein/chat'
import {
  type ClientOptions,
  ENCODINGS,
  startCluster,
  TEST_API_KEY,
  type TestClient,
  type TestCluster,
  waitFor,
} from '@skein/testkit'
import { describe, expect, onTestFinished, test } from 'vitest'

interface ChatPublication {
  readonly event: string
  readonly conversation?: string
  readonly message?: { readonly body: string; readonly from: string }
  readonly offset?: number
}

class Person {
  readonly client: TestClient
  readonly heard: ChatPublication[] = []
  readonly #binary: boolean

  constructor(client: TestClient) {
    this.client = client
    this.#binary = client.encoding === 'protobuf'
    client.sdk.on('publication', ({ data }) => this.heard.push(this.#decode(data)))
  }

  async call<R>(method: string, request: object): Promise<R> {
    const text = JSON.stringify(request)
    const data = this.#binary ? new TextEncoder().encode(text) : request
    return this.#decode((await this.client.sdk.rpc(`chat.${method}`, data)).data) as R
  }

  send(
    user: string,
    body: string,
    clientId: string,
  ): Promise<{ id: string; offset: number; duplicate: boolean }> {
    return this.call('send', { to: { user }, body, clientId })
  }

  bodies(): string[] {
    return this.heard.flatMap(({ message }) => (message === undefined ? [] : [message.body]))
  }

  #decode(data: unknown): ChatPublication & object {
    const value = data instanceof Uint8Array ? JSON.parse(new TextDecoder().decode(data)) : data
    return value as ChatPublication
  }
}

/** Listens before it connects, so that nothing recovered is missed. */
async function person(
  cluster: TestCluster,
  options: ClientOptions & { readonly user: string },
): Promise<Person> {
  const device = `${options.user}-device`
  const encoding = options.encoding ?? 'json'
  const data = encoding === 'json' ? { device } : new TextEncoder().encode(JSON.stringify({ device }))
  const made = new Person(cluster.newClient({ ...options, sdk: { ...options.sdk, data } }))
  await made.client.connect()
  return made
}

/** Output of `skein chat USER`. */
async function shown(cluster: TestCluster, user: string): Promise<{ is: string }[]> {
  const main = fileURLToPath(new URL('../../apps/cli/src/main.ts', import.meta.url))
  const args = [main, 'chat', user, '--json', '--api', cluster.node(0).internalUrl]
  const env = { SKEIN_API_KEY: TEST_API_KEY }
  const { stdout } = await promisify(execFile)(process.execPath, args, { env })
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { is: string })
}

describe.each(ENCODINGS)('%s', (encoding) => {
  test('a conversation over two nodes goes on after one of them is killed', async () => {
    const cluster = await startCluster({ nodes: 3 })
    onTestFinished(() => cluster.stop())
    const [ann, bob] = [`ann-${encoding}`, `bob-${encoding}`]
    const one = await person(cluster, { node: 1, user: ann, encoding })
    const two = await person(cluster, { node: 2, user: bob, encoding })
    await one.send(bob, '1', 'a1')
    await two.send(ann, '2', 'b1')
    await waitFor('both messages', () => one.bodies().length === 2 && two.bodies().length === 2)

    two.client.moveTo(cluster.wsUrl(0))
    cluster.node(2).kill('SIGKILL')
    for (const [at, body] of ['3', '4', '5'].entries()) await one.send(bob, body, `a${at + 2}`)
    await waitFor('bob on another node', () => two.bodies().length === 5)
    expect(two.bodies()).toEqual(['1', '2', '3', '4', '5'])
    expect(await one.send(bob, '5', 'a4')).toMatchObject({ duplicate: true, offset: 5 })

    const conversation = `dm:${ann}:${bob}`
    expect(await two.call('conversation', { conversation })).toMatchObject({ unread: 4, top: { offset: 5 } })
    expect(await two.call('read', { conversation, offset: 5 })).toMatchObject({ unread: 0 })
    await waitFor('the receipt', () =>
      one.heard.some(({ event, offset }) => event === 'read' && offset === 5),
    )
    expect(one.bodies()).toEqual(['1', '2', '3', '4', '5'])
    expect(await shown(cluster, bob)).toContainEqual(
      expect.objectContaining({ is: 'conversation', id: conversation, unread: 0 }),
    )
    // The session of the killed node is listed until its lease expires.
    await waitFor('one session', async () => {
      const rows = await shown(cluster, bob)
      return rows.filter(({ is }) => is === 'session').length === 1
    })
  })
})

test('a Protobuf client sends a message; JSON clients receive it', async () => {
  const cluster = await startCluster({ nodes: 1 })
  onTestFinished(() => cluster.stop())
  const ann = await person(cluster, { user: 'ann', encoding: 'protobuf' })
  const bob = await person(cluster, { user: 'bob', encoding: 'json' })
  const bytes = encodeSendRequest({ to: { user: 'bob' }, clientId: 'x', body: 'from bytes' })
  const reply = async (): Promise<object> =>
    decodeSendReply((await ann.client.sdk.rpc('chat.send', bytes)).data as Uint8Array)
  expect(await reply()).toMatchObject({ conversation: 'dm:ann:bob', offset: 1, duplicate: false })
  expect(await reply()).toMatchObject({ offset: 1, duplicate: true })
  await waitFor('the message', () => bob.bodies().length === 1)
  expect(bob.bodies()).toEqual(['from bytes'])
})
