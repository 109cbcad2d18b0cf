import { describe, expect, it } from 'vitest'
import { connected, type TestClient } from '../testing/client.ts'
import { settle } from '../testing/clock.ts'
import { startNodes } from '../testing/nodes.ts'

const gone = (clients: readonly TestClient[]) =>
  clients.filter(({ socket }) => socket.closed !== undefined).length

async function crowd(count = 10) {
  const made = await startNodes({ limits: { pingInterval: 0 } })
  const clients: TestClient[] = []
  for (let i = 0; i < count; i++) clients.push(await connected(made.node, `u${i}`))
  return { ...made, clients }
}

describe('a drain', () => {
  it('closes busy connections last, once their frames are written', async () => {
    const { node, clock, clients } = await crowd()
    const [slow] = clients
    if (slow === undefined) throw new Error('no client')
    const got: number[] = []
    await Promise.all([slow.call('subscribe', { channel: 'room:a' }), settle()])
    slow.socket.bufferedAmount = 100_000
    await node.publish('room:a', { data: '1' })
    await settle()
    slow.socket.onFrame = (frame) => got.push(frame.payload.length)
    const drained = node.drain(1000)
    await clock.advance(900)
    expect(gone(clients)).toBe(9)
    expect(slow.socket.closed).toBeUndefined()
    slow.socket.bufferedAmount = 0
    slow.handle.onDrain()
    await clock.advance(100)
    await drained
    expect(got.length).toBe(1)
    expect(slow.socket.closed?.code).toBe(3001)
  })

  it('does not wait for busy connections beyond its window', async () => {
    const { node, clock, clients } = await crowd(3)
    for (const { socket } of clients) socket.bufferedAmount = 100_000
    const drained = node.drain(1000)
    await clock.advance(1000)
    await drained
    expect(gone(clients)).toBe(3)
  })

  it('for maintenance makes the node unready, is visible to other nodes, and can be resumed', async () => {
    const { node, other, clock, clients } = await crowd()
    const drained = node.drain(10_000, 'maintenance')
    await clock.advance(2000)
    expect(node.state).toBe('draining')
    expect(await node.ready()).toEqual({ ok: false, reason: 'draining for maintenance' })
    expect((await other.info()).filter(({ draining }) => draining === true).map(({ uid }) => uid)).toEqual([
      node.uid,
    ])
    expect(node.resume()).toBe(true)
    await clock.advance(100)
    await drained
    const closed = gone(clients)
    expect(closed).toBeLessThan(5)
    await clock.advance(20_000)
    expect(gone(clients)).toBe(closed)
    expect(await node.ready()).toEqual({ ok: true })
    await connected(node, 'newcomer')
  })

  it('for the end replaces one for maintenance and cannot be resumed', async () => {
    const { node, clock, clients } = await crowd()
    const first = node.drain(600_000, 'maintenance')
    await clock.advance(1000)
    const second = node.drain(1000)
    await clock.advance(1000)
    await Promise.all([first, second])
    expect(gone(clients)).toBe(10)
    expect(node.resume()).toBe(false)
    expect(node.state).toBe('ending')
    await node.drain(0, 'maintenance')
    expect(node.state).toBe('ending')
  })

  it('for maintenance survives the loss of the lease: the next incarnation still drains', async () => {
    const { node, other, bus, clock } = await crowd(2)
    const drained = node.drain(60_000, 'maintenance')
    const before = node.uid
    bus.expire(before)
    bus.reap()
    await clock.advance(5000)
    await drained
    expect(node.uid).not.toBe(before)
    expect(node.state).toBe('draining')
    expect(node.resume()).toBe(true)
    await connected(node, 'newcomer')
    expect(await other.info()).toHaveLength(2)
  })
})

describe('the loss of the lease', () => {
  it('begins the next incarnation before it closes the connections of the last one', async () => {
    const { node, bus, clock, clients } = await crowd(40)
    const before = node.uid
    bus.expire(before)
    bus.reap()
    await clock.advance(100)
    expect(node.state).toBe('serving')
    expect(node.uid).not.toBe(before)
    expect(gone(clients)).toBeLessThan(10)
    const newcomer = await connected(node, 'newcomer')
    await clock.advance(2000)
    expect(clients.map(({ socket }) => socket.closed?.code)).toEqual(clients.map(() => 3011))
    expect(newcomer.socket.closed).toBeUndefined()
  })
})
