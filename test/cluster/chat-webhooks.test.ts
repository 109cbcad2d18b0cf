/**
 * Webhooks over real processes. A receiver verifies signatures and accepts each event once, and a node is
 * killed while it delivers. The API and the command line read and replay dead letters.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { verify } from '@skein/chat'
import {
  type NodeProcess,
  spawnNode,
  startCluster,
  TEST_API_KEY,
  type TestClient,
  type TestCluster,
  untilReady,
  waitFor,
} from '@skein/testkit'
import { expect, onTestFinished, test, vi } from 'vitest'

vi.setConfig({ testTimeout: 60_000 })

const SECRET = 'a secret of some length'

interface Attempt {
  /** `event-id`: the same for every retry. */
  readonly id: string
  /** The node that makes it. */
  readonly node: string
  readonly event: { readonly type: string; readonly message?: { readonly body: string } }
}

/**
 * The sample receiver of docs/reference/chat.md. `answer` decides; an event answered with 204 counts as
 * received, once.
 */
async function startReceiver(answer: (attempt: Attempt, response: ServerResponse) => void) {
  const taken = new Map<string, Attempt>()
  const attempts: Attempt[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const signature = String(request.headers['skein-signature'])
    if (!(await verify(SECRET, signature, body, Math.floor(Date.now() / 1000)))) {
      response.writeHead(401).end()
      return
    }
    const id = String(request.headers['skein-event-id'])
    const attempt = { id, node: request.url?.slice(1) ?? '', event: JSON.parse(body) }
    attempts.push(attempt)
    answer(attempt, response)
    if (response.statusCode === 204 && !taken.has(id)) taken.set(id, attempt)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise<void>((resolve) => void server.close(() => resolve()))
  })
  const { port } = server.address() as AddressInfo
  return { taken, attempts, url: `http://127.0.0.1:${port}` }
}

const done = (response: ServerResponse): void => {
  response.statusCode = 204
  response.end()
}

/** One cluster; the URL of each node's webhook names the node. */
async function startNodes(url: string, names: readonly string[]) {
  const cluster = await startCluster({ nodes: 1 })
  onTestFinished(() => cluster.stop())
  const folder = await mkdtemp(join(tmpdir(), 'skein-webhooks-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const start = async (name: string): Promise<NodeProcess> => {
    const path = join(folder, `${name}.json`)
    await writeFile(path, JSON.stringify([{ name: 'push', url: `${url}/${name}`, secret: SECRET }]), {
      mode: 0o600,
    })
    const env = { ...cluster.env, SKEIN_ENV: 'development', SKEIN_NODE_NAME: name, SKEIN_WEBHOOKS: path }
    const node = await spawnNode(name, env)
    onTestFinished(async () => void (await node.stop()))
    await untilReady(node)
    await untilListening(node)
    return node
  }
  const nodes = new Map(await Promise.all(names.map(async (name) => [name, await start(name)] as const)))
  return { cluster, nodes }
}

/** Its consumer group exists: events from here on are delivered. */
async function untilListening(node: NodeProcess): Promise<void> {
  await waitFor('the consumer group', async () => {
    const text = await (await fetch(`${node.internalUrl}/metrics`)).text()
    return /^skein_chat_listener_waiting\{listener="push"\} \d/m.test(text)
  })
}

/** Output of `skein chat`. */
async function skein(node: NodeProcess, ...args: string[]): Promise<string> {
  const main = fileURLToPath(new URL('../../apps/cli/src/main.ts', import.meta.url))
  const call = [main, 'chat', ...args, '--api', node.internalUrl]
  return (await promisify(execFile)(process.execPath, call, { env: { SKEIN_API_KEY: TEST_API_KEY } })).stdout
}

async function person(
  cluster: TestCluster,
  node: NodeProcess | undefined,
  user: string,
): Promise<TestClient> {
  const client = cluster.newClient({ user })
  client.moveTo(node?.wsUrl ?? '')
  return await client.connect()
}

test('another node delivers the events of a node that is killed while it delivers, once, and without delay for others', async () => {
  const held: Attempt[] = []
  const receiver = await startReceiver((attempt, response) => {
    const isHeld = attempt.event.message?.body === 'held'
    if (!isHeld || held.push(attempt) > 1) done(response) // the first attempt gets no answer
  })
  const forged = { method: 'POST', body: '{}', headers: { 'skein-signature': `t=1,v1=${'0'.repeat(64)}` } }
  expect((await fetch(receiver.url, forged)).status).toBe(401)

  const { cluster, nodes } = await startNodes(receiver.url, ['a', 'b'])
  const send = async (name: string, body: string): Promise<void> => {
    const ann = await person(cluster, nodes.get(name), 'ann')
    await ann.sdk.rpc('chat.send', { to: { user: 'bob' }, clientId: body, body })
  }
  await send('a', 'held')
  await waitFor('the first attempt', () => held.length > 0, 10_000)
  const victim = held[0]?.node ?? ''
  const other = victim === 'a' ? 'b' : 'a'
  nodes.get(victim)?.kill('SIGKILL')
  await send(other, 'free')
  await waitFor('the other event', () => receiver.taken.size === 1, 10_000)
  expect([...receiver.taken.values()]).toMatchObject([{ node: other, event: { message: { body: 'free' } } }])
  expect(held).toHaveLength(1)

  await waitFor('the event on the other node', () => receiver.taken.size === 2, 20_000)
  expect(held.map(({ node }) => node)).toEqual([victim, other])
  expect(new Set(held.map(({ id }) => id)).size).toBe(1)
  expect(held[1]?.event).toMatchObject({ type: 'message.offline', user: 'bob' })
})

test('a message that expired is a dead letter, which the command line shows and replays', async () => {
  const cluster = await startCluster({ nodes: 2 })
  onTestFinished(() => cluster.stop())
  const [one, two] = [cluster.node(0), cluster.node(1)]
  const ann = await person(cluster, one, 'ann')
  await ann.sdk.rpc('chat.send', { to: { user: 'bob' }, clientId: 'c', body: 'too late', expiresIn: 1 })
  await waitFor(
    'the dead letter',
    async () => (await skein(two, 'bob')).includes('message ann -> bob'),
    10_000,
  )
  expect(await skein(two, 'bob')).toMatch(
    /Dead letters about bob:\n.*\n.*"too late" +expired before any device/,
  )
  const bob = await person(cluster, two, 'bob')
  const history = async (): Promise<unknown> =>
    (await bob.sdk.rpc('chat.history', { conversation: 'dm:ann:bob' })).data.items
  expect(await history()).toEqual([])

  const { id } = JSON.parse(await skein(one, '--json'))
  expect(await skein(one, '--replay', id)).toBe(`replayed ${id}\n`)
  expect(await history()).toMatchObject([{ body: 'too late', from: 'ann', type: 'private' }])
  expect(await skein(two)).toBe('Dead letters: none\n')
  await expect(skein(one, '--replay', id)).rejects.toMatchObject({ code: 1 })
})
