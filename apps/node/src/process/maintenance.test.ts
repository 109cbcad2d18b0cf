import { describe, expect, it } from 'vitest'
import { openSocket, startTestNode, type TestClient, type TestNode } from '../testing/node.ts'
import { watchDrain } from './drain-watchdog.ts'

async function crowd(node: TestNode, count: number): Promise<TestClient[]> {
  const clients = await Promise.all(Array.from({ length: count }, () => openSocket(node.wsUrl)))
  for (const client of clients) {
    client.send({ id: 1, connect: { token: node.token() } })
    await client.next()
  }
  return clients
}

const ready = async (node: TestNode): Promise<unknown> => (await fetch(`${node.internalUrl}/readyz`)).json()

describe('POST /api/drain', () => {
  it('replies with its schedule, closes over its window with 3001, and refuses handshakes', async () => {
    const node = await startTestNode()
    const clients = await crowd(node, 4)
    const started = performance.now()
    expect(await node.api('drain', { window: '600ms' })).toMatchObject({
      result: { node: 'test', state: 'draining', num_clients: 4, window: '600ms' },
    })
    expect(performance.now() - started).toBeLessThan(300)
    expect(await ready(node)).toEqual({ status: 'unready', reasons: ['draining for maintenance'] })
    await expect(openSocket(node.wsUrl)).rejects.toThrow('503')
    for (const { closed } of clients) expect(await closed).toEqual({ code: 3001, reason: 'shutdown' })
    expect(performance.now() - started).toBeGreaterThan(400)
    expect(await node.api('drain')).toEqual({
      result: { node: 'test', state: 'draining', num_clients: 0, window: '600ms', left: '0' },
    })
  })

  it('changes only the pace of a running drain, if its window differs', async () => {
    const node = await startTestNode()
    const clients = await crowd(node, 2)
    await node.api('drain', { window: '1h' })
    expect(await node.api('drain')).toMatchObject({ result: { window: '1h' } })
    expect(await node.api('drain', { window: '0' })).toMatchObject({ result: { window: '0' } })
    for (const { closed } of clients) expect(await closed).toMatchObject({ code: 3001 })
  })

  it('ends with undrain', async () => {
    const node = await startTestNode()
    const clients = await crowd(node, 3)
    await node.api('drain', { window: '1h' })
    expect(await node.api('undrain')).toMatchObject({ result: { state: 'serving' } })
    expect(await node.api('undrain')).toMatchObject({ result: { state: 'serving' } })
    expect(await ready(node)).toEqual({ status: 'ok' })
    const still = clients.filter(({ ws }) => ws.readyState === ws.OPEN)
    expect(still.length).toBeGreaterThanOrEqual(2)
    await crowd(node, 1)
  })

  it('does not prevent the node from stopping', async () => {
    const node = await startTestNode()
    const [client] = await crowd(node, 1)
    await node.api('drain', { window: '1h' })
    const stopped = node.stop()
    expect(await client?.closed).toMatchObject({ code: 3001 })
    await stopped
  })

  it.each(['soon', '-1s', '2h', ''])('rejects the window %j', async (window) => {
    const node = await startTestNode()
    expect(await node.api('drain', { window })).toMatchObject({ error: { code: 107 } })
    expect(await ready(node)).toEqual({ status: 'ok' })
  })
})

describe('the watchdog of a drain', () => {
  const node = { stats: () => ({ clients: 7, outboxBytes: 5 }), state: 'ending' } as never

  /** Resolves when it has logged. */
  const spoken = (gracePeriod: number): Promise<object> =>
    new Promise((resolve) => {
      watchDrain({ gracePeriod, drainWindow: 0 }, node, { error: (fields) => resolve(fields) })
    })

  it('logs a late drain before SIGKILL, and nothing for a drain in time', async () => {
    const lines: object[] = []
    const log = { error: (fields: object) => lines.push(fields) }
    watchDrain({ gracePeriod: 50, drainWindow: 0 }, node, log).stop()
    expect(await spoken(100)).toEqual({ grace: 100, clients: 7, outboxBytes: 5, state: 'ending' })
    expect(lines).toEqual([])
  })
})
