import { expect, it } from 'vitest'
import { connected, type TestClient } from '../testing/client.ts'
import { startNodes } from '../testing/nodes.ts'

const MINUTE = 60_000

/** `before`: their ages, ms. */
async function crowd(limits: object, before = 0) {
  let id = 0
  const made = await startNodes(
    { limits: { pingInterval: 0, connectionAge: 10 * MINUTE, ...limits }, newId: () => `client-${id++}` },
    1,
  )
  const clients: TestClient[] = []
  const connectedAt = made.clock.now() - before
  for (let i = 0; i < 50; i++) clients.push(await connected(made.node, `u${i}`, { connectedAt }))
  const closed = () => clients.filter(({ socket }) => socket.closed !== undefined)
  return { ...made, clients, closed }
}

it('closes connections at their age, with 20 % jitter', async () => {
  const { node, clock, clients, closed } = await crowd({})
  const shed: string[] = []
  node.events.on('shed', ({ reason, connections }) => shed.push(`${connections} ${reason}`))
  await clock.advance(8 * MINUTE - 1000)
  expect(closed()).toEqual([])
  await clock.advance(2 * MINUTE)
  expect(closed().length).toBeGreaterThan(10)
  expect(closed().length).toBeLessThan(40)
  await clock.advance(2 * MINUTE + 2000)
  expect(closed()).toHaveLength(50)
  expect(clients[0]?.socket.closed).toEqual({ code: 3011, reason: 'force reconnect: age' })
  expect(shed.length).toBeGreaterThan(5)
})

it('closes at the shed rate even if a clock step makes all connections old, and none that is busy', async () => {
  const { clock, clients, closed } = await crowd({ shedRate: 5 }, 60 * MINUTE)
  const busy = clients[0]
  if (busy === undefined) throw new Error('no client')
  busy.socket.bufferedAmount = 1
  const steps: number[] = []
  for (let i = 0, before = 0; i < 15; i++) {
    await clock.advance(1000)
    steps.push(closed().length - before)
    before = closed().length
  }
  expect(Math.max(...steps)).toBeLessThanOrEqual(5)
  expect(closed()).toHaveLength(49)
  busy.socket.bufferedAmount = 0
  await clock.advance(1000)
  expect(closed()).toHaveLength(50)
})

it('is off by default', async () => {
  const { clock, closed } = await crowd({ connectionAge: 0 })
  await clock.advance(60 * MINUTE)
  expect(closed()).toEqual([])
})
