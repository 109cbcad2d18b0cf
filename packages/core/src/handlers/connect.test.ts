import { describe, expect, it } from 'vitest'
import type { Hooks } from '../hooks.ts'
import { TestClient } from '../testing/client.ts'
import { settle } from '../testing/clock.ts'
import { startNodes } from '../testing/nodes.ts'

/** Connect commands wait in a hook until the test resolves them in order. */
function doorkeeper() {
  const waiting: (() => void)[] = []
  const hooks: Hooks = { onConnect: () => new Promise((resolve) => waiting.push(() => resolve(undefined))) }
  return { hooks, waiting, letOne: () => waiting.shift()?.() }
}

const LIMITS = { connectsAtOnce: 2, connectsWaiting: 3 }

async function crowd(count: number) {
  const door = doorkeeper()
  const made = await startNodes({ hooks: door.hooks, limits: LIMITS }, 1)
  const overflows: string[] = []
  made.node.events.on('overflow', ({ queue, policy }) => overflows.push(`${queue} ${policy}`))
  const clients = Array.from(
    { length: count },
    (_, i) => new TestClient(made.node, { credentials: { user: `u${i}` } }),
  )
  const answers = clients.map((client) =>
    client.connect().then(
      () => 'connected',
      (error: { code: number }) => error.code,
    ),
  )
  await settle()
  return { ...made, ...door, overflows, clients, answers }
}

describe('connect', () => {
  it('runs for a bounded number of connections; further ones wait, and beyond that close with 3013', async () => {
    const { node, waiting, letOne, overflows, answers } = await crowd(7)
    expect({ inside: waiting.length, waiting: node.stats().connectsWaiting }).toEqual({
      inside: 2,
      waiting: 3,
    })
    expect(await Promise.all(answers.slice(5))).toEqual([3013, 3013])
    expect(overflows).toEqual(['connect close', 'connect close'])
    for (let i = 0; i < 5; i++) {
      letOne()
      await settle()
    }
    expect(await Promise.all(answers.slice(0, 5))).toEqual(Array(5).fill('connected'))
  })

  it('that waits for the node closes with a code that permits a reconnect', async () => {
    const { node, clock, clients } = await crowd(3)
    const silent = new TestClient(node)
    await clock.advance(11_000)
    expect(clients.map(({ socket }) => socket.closed?.code)).toEqual([3013, 3013, 3013])
    expect(silent.socket.closed?.code).toBe(3502)
  })

  it('of a client that left meanwhile leaves no entry behind', async () => {
    const { node, bus, clients, letOne } = await crowd(3)
    for (const client of clients) client.cut()
    for (let i = 0; i < 3; i++) {
      letOne()
      await settle()
    }
    expect(node.stats()).toMatchObject({ clients: 0, users: 0, connectsWaiting: 0 })
    expect(bus.size.sessions).toBe(0)
  })
})
