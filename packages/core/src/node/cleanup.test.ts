import { describe, expect, test } from 'vitest'
import { type DomainEvents, Events } from '../events.ts'
import { connected } from '../testing/client.ts'
import { settle, TestClock } from '../testing/clock.ts'
import { startNodes } from '../testing/nodes.ts'
import { Cleanup } from './cleanup.ts'

function start() {
  const clock = new TestClock()
  const events = new Events()
  const errors: DomainEvents['internalError'][] = []
  events.on('internalError', (event) => errors.push(event))
  let abandoned = 0
  const cleanup = new Cleanup(clock, events, () => abandoned++)
  return { clock, cleanup, errors, abandoned: () => abandoned }
}

/** A cluster whose removals fail while it is down. */
function cluster() {
  const state = { down: true, attempts: 0, concurrent: 0, mostConcurrent: 0, removed: [] as string[] }
  const remove = (name: string) => async (): Promise<void> => {
    state.attempts++
    state.concurrent++
    state.mostConcurrent = Math.max(state.mostConcurrent, state.concurrent)
    await Promise.resolve()
    state.concurrent--
    if (state.down) throw new Error('unreachable')
    state.removed.push(name)
  }
  return { state, remove }
}

describe('a failed removal', () => {
  test('is retried once a second until it succeeds', async () => {
    const { clock, cleanup } = start()
    const { state, remove } = cluster()
    cleanup.run(remove('a'), 'a')
    await clock.advance(3500)
    expect(state.attempts).toBe(4)
    state.down = false
    await clock.advance(1000)
    expect(state.removed).toEqual(['a'])
    await clock.advance(10_000)
    expect(state.attempts).toBe(5)
  })

  test('is retried while other removals are running without end', async () => {
    const { clock, cleanup } = start()
    const { state, remove } = cluster()
    cleanup.run(() => new Promise(() => undefined))
    cleanup.run(remove('a'), 'a')
    await settle()
    state.down = false
    await clock.advance(1000)
    expect(state.removed).toEqual(['a'])
  })

  test('is reported once for an outage, not for each removal', async () => {
    const { clock, cleanup, errors } = start()
    const { remove } = cluster()
    for (const name of ['a', 'b', 'c']) cleanup.run(remove(name), name)
    await clock.advance(10)
    expect(errors).toMatchObject([{ where: 'cleanup' }])
  })

  test('is not retried once its entry is about to be added again', async () => {
    const { clock, cleanup } = start()
    const { state, remove } = cluster()
    cleanup.run(remove('a'), 'a')
    cleanup.run(remove('b'), 'b')
    await settle()
    cleanup.cancelRetry('a')
    state.down = false
    await clock.advance(5000)
    expect(state.removed).toEqual(['b'])
  })

  test('is not retried when its entry is added again while the removal runs', async () => {
    const { clock, cleanup } = start()
    const { state, remove } = cluster()
    cleanup.run(remove('a'), 'a')
    cleanup.cancelRetry('a')
    await settle()
    state.down = false
    await clock.advance(5000)
    expect(state.attempts).toBe(1)
  })

  test('of an incarnation that is over is left to the nodes that reap it', async () => {
    const { clock, cleanup } = start()
    const { state, remove } = cluster()
    cleanup.run(remove('a'), 'a')
    await settle()
    cleanup.run(remove('b'), 'b')
    cleanup.forget()
    await settle()
    state.down = false
    await clock.advance(5000)
    expect(state.removed).toEqual([])
  })
})

describe('many failed removals', () => {
  test('are retried 500 at a time, and 500 only while the cluster is unreachable', async () => {
    const { clock, cleanup } = start()
    const { state, remove } = cluster()
    for (let n = 0; n < 1200; n++) cleanup.run(remove(`${n}`), `${n}`)
    await settle()
    state.attempts = 0
    state.mostConcurrent = 0
    await clock.advance(1000)
    expect(state.attempts).toBe(500)
    state.down = false
    await clock.advance(1000)
    expect(state.removed).toHaveLength(1200)
    expect(state.mostConcurrent).toBe(500)
  })

  test('make the node give its incarnation up beyond 100,000', async () => {
    const { clock, cleanup, abandoned } = start()
    const { state, remove } = cluster()
    for (let n = 0; n < 100_000; n++) cleanup.run(remove(`${n}`))
    await settle()
    expect(abandoned()).toBe(0)
    cleanup.run(remove('one more'))
    await settle()
    expect(abandoned()).toBe(1)
    state.attempts = 0
    await clock.advance(5000)
    expect(state.attempts).toBe(0)
  })
})

describe('a node', () => {
  /** Found by `npm run simulate`: the retry ran after the connection had subscribed again. */
  test('keeps a presence that was added again after its removal failed', async () => {
    const { node, bus, clock } = await startNodes()
    const ann = await connected(node, 'ann')
    await ann.call('subscribe', { channel: 'room:a' })
    bus.cut(node.uid)
    await ann.call('unsubscribe', { channel: 'room:a' })
    await clock.advance(10)
    bus.heal()
    await ann.call('subscribe', { channel: 'room:a' })
    await clock.advance(5000)
    expect((await node.presence('room:a')).map((info) => info.client)).toEqual([ann.id])
  })

  test('retries the removal of a presence until the cluster is reachable', async () => {
    const { node, bus, clock } = await startNodes()
    const ann = await connected(node, 'ann')
    await ann.call('subscribe', { channel: 'room:a' })
    bus.cut(node.uid)
    await ann.call('unsubscribe', { channel: 'room:a' })
    await clock.advance(3000)
    bus.heal()
    await clock.advance(2000)
    expect(await node.presence('room:a')).toEqual([])
  })

  test('retries the removal of a session until the cluster is reachable', async () => {
    const { node, bus, clock } = await startNodes()
    const ann = await connected(node, 'ann')
    bus.cut(node.uid)
    ann.cut()
    await clock.advance(3000)
    bus.heal()
    expect(await node.sessions('ann')).toHaveLength(1)
    await clock.advance(2000)
    expect(await node.sessions('ann')).toEqual([])
  })
})
