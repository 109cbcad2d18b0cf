import { createMemoryBus } from '@skein/core'
import { expect, it } from 'vitest'
import { startTestNode } from '../testing/node.ts'

async function ask(url: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(url)
  return { status: response.status, body: await response.json() }
}

it('a serving node is alive and ready', async () => {
  const { internalUrl } = await startTestNode()
  for (const path of ['/livez', '/readyz', '/healthz']) {
    expect(await ask(internalUrl + path)).toEqual({ status: 200, body: { status: 'ok' } })
  }
  expect(await ask(`${internalUrl}/readyz?verbose`)).toMatchObject({
    status: 200,
    body: { node: { name: 'test', uid: expect.any(String) }, clients: 0 },
  })
})

it('a node that cannot reach its cluster is alive, not ready, and recovers', async () => {
  const bus = createMemoryBus()
  const { internalUrl } = await startTestNode({ bus })
  bus.cut()
  expect(await ask(`${internalUrl}/readyz`)).toMatchObject({
    status: 503,
    body: { status: 'unready', reasons: [expect.stringContaining('cannot reach')] },
  })
  expect((await ask(`${internalUrl}/livez`)).status).toBe(200)
  expect(await (await fetch(`${internalUrl}/metrics`)).text()).toContain('skein_ready 0')
  bus.heal()
  expect((await ask(`${internalUrl}/readyz`)).status).toBe(200)
})
