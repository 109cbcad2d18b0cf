/** The start of a node, and its errors. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  DEFAULT_CHANNELS,
  freePort,
  RawClient,
  signToken,
  spawnNode,
  startRedis,
  statusOf,
  TEST_API_KEY,
  TEST_SECRET,
  untilReady,
  waitFor,
  within,
} from '@skein/testkit'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-start-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const GOOD = {
  SKEIN_HOST: '127.0.0.1',
  SKEIN_INTERNAL_HOST: '127.0.0.1',
  SKEIN_TOKEN_HMAC_SECRET: TEST_SECRET,
  SKEIN_API_KEY: TEST_API_KEY,
}

async function namespacesFile(content: object): Promise<string> {
  const path = join(folder, `namespaces-${Date.now()}.json`)
  await writeFile(path, JSON.stringify(content))
  return path
}

async function start(env: Readonly<Record<string, string>>) {
  const node = await spawnNode('node', env)
  onTestFinished(async () => void (await node.stop()))
  return node
}

describe('an invalid setting', () => {
  test('stops the start with one message that lists every problem and its remedy', async () => {
    const node = await start({
      ...GOOD,
      SKEIN_CONFIG: await namespacesFile({ namespaces: { room: { recovery: true } } }),
      SKEIN_TOKEN_HMAC_SECRET: 'short',
      SKEIN_REDIS_URL: 'http://not-redis',
      SKEIN_PING_INTERVAL: 'often',
      SKEIN_MAX_FRAME: '1',
      SKEIN_PIN_INTERVAL: '25s',
    })
    const { code } = await within('the node to end', node.exited)
    expect(code).toBeGreaterThan(0)
    const message = node.logs()
    for (const name of ['TOKEN_HMAC_SECRET', 'REDIS_URL', 'PING_INTERVAL', 'MAX_FRAME', 'PIN_INTERVAL']) {
      expect(message).toContain(`SKEIN_${name}`)
    }
    expect(message).toContain('recovery needs history')
    expect(message).not.toContain('    at ')
  })

  test('a taken port stops the start with a plain message', async () => {
    const config = await namespacesFile(DEFAULT_CHANNELS)
    const first = await start({ ...GOOD, SKEIN_CONFIG: config })
    await untilReady(first)
    const taken = new URL(first.publicUrl).port
    const second = await start({ ...GOOD, SKEIN_CONFIG: config, SKEIN_PORT: taken })
    const { code } = await within('the second node to end', second.exited)
    expect(code).toBeGreaterThan(0)
    expect(second.logs()).toContain(taken)
  })
})

test('without Redis at start a node is alive and unready with a reason; it serves when Redis appears', async () => {
  const port = await freePort()
  const node = await start({
    ...GOOD,
    SKEIN_CONFIG: await namespacesFile(DEFAULT_CHANNELS),
    SKEIN_REDIS_URL: `redis://127.0.0.1:${port}`,
  })
  await waitFor(
    'the probes to answer',
    async () => (await statusOf(`${node.internalUrl}/livez`)) === 200,
    20_000,
  )
  const unready = await fetch(`${node.internalUrl}/readyz`)
  expect(unready.status).toBe(503)
  expect(await unready.text()).toMatch(/redis/i)
  expect(node.running()).toBe(true)

  const redis = await startRedis({ port })
  onTestFinished(async () => void (await redis.stop()))
  await untilReady(node)

  const client = await RawClient.open({ url: node.wsUrl })
  onTestFinished(() => client.terminate())
  expect(await client.request('connect', { token: signToken({ sub: 'alice' }) })).toMatchObject({
    verb: 'connect',
  })
  expect(await statusOf(`${node.internalUrl}/livez`)).toBe(200)
})

test('SIGTERM closes clients with 3001, and the process exits with 0', async () => {
  const node = await start({
    ...GOOD,
    SKEIN_CONFIG: await namespacesFile(DEFAULT_CHANNELS),
    SKEIN_DRAIN_WINDOW: '200ms',
  })
  await untilReady(node)
  const client = await RawClient.open({ url: node.wsUrl })
  await client.request('connect', { token: signToken({ sub: 'alice' }) })
  node.kill('SIGTERM')
  expect(await client.close()).toMatchObject({ code: 3001, reason: expect.stringContaining('shutdown') })
  expect(await within('the node to end', node.exited)).toEqual({ code: 0, signal: null })
})
