/**
 * The official Go and Python SDKs run one short scenario against the cluster, in both encodings, over a wire
 * that is cut.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Child,
  ENCODINGS,
  freshChannel,
  startChild,
  startCluster,
  TcpProxy,
  type TestCluster,
  waitFor,
  within,
} from '@skein/testkit'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type Prepared, prepareGo, preparePython } from './toolchain.ts'

let cluster: TestCluster
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-conformance-'))
  cluster = await startCluster({ nodes: 2 })
})
afterAll(async () => {
  await cluster.stop()
  await rm(folder, { recursive: true, force: true })
})

describe.each([
  { sdk: 'go', prepare: prepareGo },
  { sdk: 'python', prepare: preparePython },
])('the $sdk SDK', ({ sdk, prepare }) => {
  let prepared: Prepared
  beforeAll(() => {
    prepared = prepare(folder)
  }, 180_000)

  test.for(ENCODINGS)(
    '%s: connect, subscribe, publish, presence, history, recovery',
    async (encoding, { skip }) => {
      if (!prepared.ok) return skip(prepared.reason)
      const channel = freshChannel('room')
      const proxy = await TcpProxy.start(cluster.node(0).publicUrl)
      onTestFinished(() => proxy.stop())
      const client = await start(sdk, prepared, [
        wsUrl(proxy),
        cluster.token({ sub: sdk }),
        channel,
        encoding,
      ])

      await has(client, { event: 'history', offsets: [1] })
      await has(client, { event: 'presence', users: [sdk] })
      await has(client, { event: 'publication', offset: 1, data: { from: sdk } })
      await cluster.api('publish', { channel, data: 'live' }, 1)
      await has(client, { event: 'publication', offset: 2, data: 'live' })

      proxy.down()
      for (const data of ['missed 1', 'missed 2']) await cluster.api('publish', { channel, data }, 1)
      proxy.up(cluster.node(1).publicUrl)
      await has(client, { event: 'subscribed', recovered: true, wasRecovering: true })
      await cluster.api('publish', { channel, data: 'end' }, 0)

      expect(await within('the scenario to end', client.exited, 20_000)).toEqual({ code: 0, signal: null })
      const publications = outputOf(client).filter(({ event }) => event === 'publication')
      expect(publications.map(({ offset, data }) => [offset, data])).toEqual([
        [1, { from: sdk }],
        [2, 'live'],
        [3, 'missed 1'],
        [4, 'missed 2'],
        [5, 'end'],
      ])
    },
  )
})

interface OutputLine {
  readonly event: string
  readonly offset?: number
  readonly data?: unknown
}

async function start(
  sdk: string,
  prepared: Prepared & { ok: true },
  args: readonly string[],
): Promise<Child> {
  const child = await startChild({ name: sdk, command: prepared.command, args: [...prepared.args, ...args] })
  onTestFinished(async () => void (await child.stop(2000)))
  return child
}

function outputOf(child: Child): readonly OutputLine[] {
  const lines = child.logs().split('\n')
  return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as OutputLine)
}

async function has(child: Child, expected: object): Promise<void> {
  const wanted = expect.objectContaining(expected)
  try {
    await waitFor(
      JSON.stringify(expected),
      () => outputOf(child).some((line) => wanted.asymmetricMatch(line)),
      15_000,
    )
  } catch (error) {
    throw new Error(`${String(error)}\n${child.logs()}`, { cause: error })
  }
}

function wsUrl(proxy: TcpProxy): string {
  return `ws://${proxy.host}/connection/websocket`
}
