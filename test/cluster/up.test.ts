/**
 * `skein up` with real processes: it serves, the other commands work against it, and nothing is left after
 * any end.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Child, freePort, startChild, startRedis, statusOf, waitFor } from '@skein/testkit'
import { describe, expect, onTestFinished, test } from 'vitest'
import { alive, commandOf, descendants } from './processes.ts'

const MAIN = fileURLToPath(new URL('../../apps/cli/src/main.ts', import.meta.url))

/** One `skein up` with folders of its own, which show what it leaves. */
interface Running {
  readonly port: number
  readonly process: Child
  readonly folder: string
  readonly pids: readonly number[]
  /** Runs another command to its end; returns standard output and error together. */
  skein(...args: string[]): Promise<{ readonly code: number | null; readonly text: string }>
  start(...args: string[]): Promise<Child>
}

async function up(...args: string[]): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), 'skein-up-test-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const port = await freePort()
  const start = async (...words: string[]): Promise<Child> => {
    const env = { TMPDIR: folder, XDG_STATE_HOME: folder }
    const child = await startChild({
      name: `skein ${words[0]}`,
      command: process.execPath,
      args: [MAIN, ...words],
      env,
    })
    onTestFinished(async () => void (await child.stop(15_000)))
    return child
  }
  const process_ = await start('up', '--port', String(port), ...args)
  await waitFor('skein up', () => process_.logs().includes('Ctrl-C stops') || !process_.running(), 40_000)
  const pids = descendants(process_.pid)
  // Processes that this test leaves must not disturb the next.
  onTestFinished(() => {
    for (const pid of alive(pids)) process.kill(pid, 'SIGKILL')
  })
  expect(process_.logs()).toContain(`Skein is up: http://localhost:${port}`)
  return {
    port,
    process: process_,
    folder,
    pids,
    start,
    skein: async (...words) => {
      const child = await start(...words)
      const { code } = await child.exited
      return { code, text: child.logs() }
    },
  }
}

/** No listener, no process and no file is left. */
async function expectNothingLeft({ port, folder, pids }: Running): Promise<void> {
  await waitFor('all processes to end', () => alive(pids).length === 0, 10_000)
  await expect(statusOf(`http://127.0.0.1:${port}/`)).rejects.toThrow()
  // The parent of a removed folder may be removed last.
  await waitFor('all files to go', async () => (await filesIn(folder)).length === 0, 5000)
}

const filesIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true })).filter((name) => name !== 'skein')

/** The nodes that serve this number of windows, open side by side. */
async function nodesOf(windows: number, port: number, token: string): Promise<Set<string>> {
  const names = new Set<string>()
  const sockets: WebSocket[] = []
  for (let at = 0; at < windows; at++) {
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    const socket = new WebSocket(`ws://localhost:${port}/connection/websocket`)
    socket.onopen = () => socket.send(JSON.stringify({ id: 1, connect: { token } }))
    socket.onmessage = ({ data }) =>
      resolve((JSON.parse(String(data)) as { readonly connect: { readonly node: string } }).connect.node)
    socket.onclose = ({ reason }) => reject(new Error(reason))
    sockets.push(socket)
    names.add(await promise)
  }
  for (const socket of sockets) socket.close()
  return names
}

const lines = (child: Child): unknown[] =>
  child
    .logs()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as unknown)

describe.each([
  { kind: 'with a Redis, an nginx and node processes of its own', args: ['--nodes', '2'], processes: 5 },
  { kind: 'embedded', args: ['--nodes', '2', '--embedded'], processes: 2 },
])('skein up $kind', ({ args, processes }) => {
  test('serves the other commands, and leaves nothing after Ctrl-C', async () => {
    const cluster = await up(...args)
    expect(cluster.pids.length).toBeGreaterThanOrEqual(processes)
    expect(await statusOf(`http://localhost:${cluster.port}/`)).toBe(200)

    const token = await cluster.skein('token', '--user', 'ada')
    expect(token.text).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/)
    expect((await nodesOf(2, cluster.port, token.text.trim())).size).toBe(2)

    const listener = await cluster.start('sub', 'room:lobby', '--presence', '--user', 'ada')
    await waitFor('the subscription', () => listener.logs().includes('subscribed to room:lobby'))
    const published = await cluster.skein('publish', 'room:lobby', '{"text":"hello"}')
    expect(published).toMatchObject({ code: 0, text: expect.stringContaining('"offset":1') })
    await waitFor('the publication', () => lines(listener).length >= 3)
    expect(lines(listener)).toContainEqual({ channel: 'room:lobby', offset: 1, data: { text: 'hello' } })
    expect(lines(listener)).toContainEqual({
      channel: 'room:lobby',
      presence: [expect.objectContaining({ user: 'ada' })],
    })
    listener.kill('SIGINT')
    expect(await listener.exited).toMatchObject({ code: 0 })

    cluster.process.kill('SIGINT')
    expect(await cluster.process.exited).toMatchObject({ code: 0 })
    await expectNothingLeft(cluster)
  })

  test('leaves nothing when it is killed', async () => {
    const cluster = await up(...args)
    cluster.process.kill('SIGKILL')
    await cluster.process.exited
    await expectNothingLeft(cluster)
  })
})

test('reports a node that dies, and starts it again', async () => {
  const cluster = await up('--nodes', '2')
  const node = cluster.pids.find((pid) => commandOf(pid).includes('apps/node/src/main.ts'))
  if (node === undefined) throw new Error(`no node among ${cluster.pids.map(commandOf).join('\n')}`)
  process.kill(node, 'SIGKILL')
  await waitFor('the report', () => cluster.process.logs().includes(`(pid ${node}) ended: SIGKILL`))
  const nodes = () =>
    descendants(cluster.process.pid).filter((pid) => commandOf(pid).includes('apps/node/src/main.ts'))
  await waitFor('the node to come back', () => nodes().length === 2)
  await waitFor('it to be ready', async () => (await cluster.skein('publish', 'room:a', '1')).code === 0)
})

test('uses a given Redis, and leaves it unchanged', async () => {
  const redis = await startRedis()
  onTestFinished(() => redis.stop())
  const cluster = await up('--nodes', '1', '--redis', redis.url)
  expect(cluster.pids.map(commandOf).filter((command) => command.includes('redis-server'))).toEqual([])
  expect((await cluster.skein('publish', 'room:a', '1')).code).toBe(0)

  const doctor = await cluster.skein('doctor', '--json')
  expect(doctor.code).toBe(0)
  const findings = JSON.parse(doctor.text) as { about: string; level: string; says: string }[]
  expect(findings).toContainEqual({
    about: 'local cluster',
    level: 'ok',
    says: `http://localhost:${cluster.port}`,
  })
  expect(findings.find(({ about }) => about === 'redis version')?.says).toContain(redis.url)
  expect(findings.find(({ about }) => about === 'nginx configuration')?.level).toBe('ok')

  cluster.process.kill('SIGTERM')
  await cluster.process.exited
  await expectNothingLeft(cluster)
  expect(await redis.command('PING')).toContain('PONG')
})

test('stops the start on an invalid setting with the reason, and leaves nothing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'skein-up-test-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const child = await startChild({
    name: 'skein up',
    command: process.execPath,
    args: [MAIN, 'up', '--port', String(await freePort())],
    env: { TMPDIR: folder, XDG_STATE_HOME: folder, SKEIN_PING_INTERVAL: 'often' },
  })
  expect(await child.exited).toMatchObject({ code: 1 })
  expect(child.logs()).toContain('did not start:')
  expect(child.logs()).toContain('SKEIN_PING_INTERVAL: "often" is not a duration')
  expect(await filesIn(folder)).toEqual([])
})

test('reports a taken port with the remedy', async () => {
  const taken: Server = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void taken.close())
  const address = taken.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const child = await startChild({
    name: 'skein up',
    command: process.execPath,
    args: [MAIN, 'up', '--port', String(port)],
  })
  expect(await child.exited).toMatchObject({ code: 1 })
  expect(child.logs()).toBe(
    `skein: port ${port} is in use on 0.0.0.0: stop its listener, or choose another with --port N\n`,
  )
})
