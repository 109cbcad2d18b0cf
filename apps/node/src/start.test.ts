import { once } from 'node:events'
import { createServer } from 'node:net'
import { createMemoryBus, createMemoryCluster, systemClock } from '@skein/core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parseConfig } from './config/config.ts'
import { createLogger } from './log/logger.ts'
import { type RunningNode, startNode } from './start.ts'
import { openSocket, startTestNode } from './testing/node.ts'

const ENV = {
  SKEIN_ENV: 'development',
  SKEIN_HOST: '127.0.0.1',
  SKEIN_PORT: '0',
  SKEIN_INTERNAL_HOST: '127.0.0.1',
  SKEIN_INTERNAL_PORT: '0',
  SKEIN_DRAIN_WINDOW: '0',
}

async function start(env: Readonly<Record<string, string>>, bus = createMemoryBus()) {
  const config = parseConfig({ env: { ...ENV, ...env } })
  const log = createLogger({ level: 'silent', node: 'n' })
  const cluster = createMemoryCluster(bus, { name: 'n', clock: systemClock })
  return { running: await startNode(config, { cluster, log }), bus }
}

async function readiness({ internalUrl }: RunningNode): Promise<number> {
  return (await fetch(`${internalUrl}/readyz`)).status
}

/** A port that another server uses. */
async function takenPort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const address = server.address()
  return typeof address === 'object' && address !== null ? String(address.port) : ''
}

describe('startNode', () => {
  it('waits for its cluster, not ready and with its public port closed, and logs that', async () => {
    const bus = createMemoryBus()
    const cluster = createMemoryCluster(bus, { name: 'n', clock: systemClock })
    bus.cut()
    const lines: string[] = []
    const log = createLogger({ level: 'info', node: 'n' }, { write: (line) => lines.push(line) })
    const running = await startNode(parseConfig({ env: ENV }), { cluster, log })
    onTestFinished(() => running.stop())
    expect(await readiness(running)).toBe(503)
    expect(running.publicUrl).toBeUndefined()
    expect(lines.join('')).toContain('waiting for the cluster')
    bus.heal()
    await running.started
    expect(await readiness(running)).toBe(200)
  })

  it('stops while it waits for its cluster', async () => {
    const bus = createMemoryBus()
    const cluster = createMemoryCluster(bus, { name: 'n', clock: systemClock })
    bus.cut()
    const log = createLogger({ level: 'silent', node: 'n' })
    const running = await startNode(parseConfig({ env: ENV }), { cluster, log })
    await running.stop()
    await running.started
    expect(running.publicUrl).toBeUndefined()
  })

  it('rejects if the internal port is in use, and releases everything', async () => {
    const bus = createMemoryBus()
    await expect(start({ SKEIN_INTERNAL_PORT: await takenPort() }, bus)).rejects.toThrow(/EADDRINUSE/)
    expect(bus.size.nodes).toBe(0)
  })

  it('rejects `started` if the public port is in use, and releases everything', async () => {
    const { running, bus } = await start({ SKEIN_PORT: await takenPort() })
    await expect(running.started).rejects.toThrow(/EADDRINUSE/)
    expect(bus.size.nodes).toBe(0)
  })

  it('releases everything when it stops with open connections', async () => {
    const bus = createMemoryBus()
    const node = await startTestNode({ bus })
    const client = await openSocket(node.wsUrl)
    client.send({ id: 1, connect: { token: node.token() } }, { id: 2, subscribe: { channel: 'room:a' } })
    await client.next()
    await client.next()
    expect(bus.size).toMatchObject({ nodes: 1, sessions: 1, presence: 1 })
    await node.stop()
    expect(await client.closed).toEqual({ code: 3001, reason: 'shutdown' })
    expect(bus.size).toEqual({ nodes: 0, sessions: 0, presence: 0 })
  })
})
