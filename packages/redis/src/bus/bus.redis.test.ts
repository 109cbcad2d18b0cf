import { waitFor } from '@skein/testkit'
import { enter, envelope, join } from '@skein/testkit/contracts'
import { expect, onTestFinished, test } from 'vitest'
import { Keys } from '../keys.ts'
import { Commands } from '../server/commands.ts'
import { resolveSettings } from '../server/settings.ts'
import { createRoutes } from '../slots/create-routes.ts'
import { createCluster, enterNode, NO_HISTORY, SHORT_TIMING, startServer } from '../testing/servers.ts'
import { Bus } from './bus.ts'
import { address } from './message.ts'

test('a node that failed to join as its next incarnation stays healthy', async () => {
  const redis = await startServer()
  const moving = await enterNode(redis.url, 'moving')
  await redis.kill()
  await expect(moving.cluster.membership.leave()).rejects.toMatchObject({ name: 'Unavailable' })
  await expect(join(moving)).rejects.toMatchObject({ name: 'Unavailable' })
  await redis.start()
  const seen = new Set<string>()
  const ready = async (): Promise<boolean> => {
    const state = await moving.cluster.health()
    if (!state.ok) seen.add(state.reason)
    return state.ok
  }
  await waitFor('the node to be ready', ready)
  expect([...seen].filter((reason) => reason.includes('deliver'))).toEqual([])
  const asked = Array.from({ length: 5 }, ready)
  await join(moving)
  expect(await Promise.all(asked)).toEqual([true, true, true, true, true])
})

test('damaged and foreign messages are counted and dropped', async () => {
  const redis = await startServer()
  const errors: string[] = []
  const made = createCluster(redis.url, { onError: (error) => errors.push(error.message) })
  const a = await enter('a', made)
  await made.broker.subscribe('room:1')
  const uid = made.membership.uid
  const bad = ['', 'x', 'p', 'p1', 'pX:e:{}', 'j', 'j{', 'l5', 'j{"user":1}']
  for (const text of bad) await redis.command('PUBLISH', 'skein:{room:1}', text)
  for (const text of ['@', '@9:x', '@x:y', 'p1:e:{}'])
    await redis.command('PUBLISH', `skein:@node:${uid}`, text)
  for (const text of ['', '{', '5', '{}']) await redis.command('PUBLISH', 'skein:@control', text)
  await made.broker.publish('room:1', envelope('good'), NO_HISTORY)
  await waitFor('the good one', () => a.heard.envelopes('room:1').length === 1)
  await waitFor('the count', () => made.counters().damaged === bad.length + 8)
  expect([a.heard.joins, a.heard.leaves, a.heard.orders]).toEqual([[], [], []])
  expect(errors.every((error) => error.includes('dropped'))).toBe(true)
})

/** A bus over a Redis of its own, and the publications that its listener received. */
async function startBus() {
  const redis = await startServer()
  const settings = resolveSettings({ url: redis.url, name: 'a', timing: SHORT_TIMING })
  const keys = new Keys('skein')
  const routes = createRoutes(settings)
  const commands = new Commands(settings, routes)
  const bus = new Bus(settings, keys, commands, 'first', undefined)
  onTestFinished(async () => {
    await bus.close()
    await commands.close()
  })
  const received: string[] = []
  let restored = 0
  bus.listener = {
    onPublication: (channel, { offset }) => received.push(`${channel} ${offset}`),
    onJoin: () => undefined,
    onLeave: () => undefined,
    onRestored: () => {
      restored += 1
    },
  }
  const publish = (channel: string, offset: number) =>
    redis.command('PUBLISH', keys.bus(channel), `p${offset}:e:{}`)
  const publishToNode = (uid: string, offset: number) =>
    redis.command('PUBLISH', keys.node(uid), `${address('#alice')}p${offset}:e:{}`)
  return { redis, bus, received, restores: () => restored, publish, publishToNode }
}

test('a subscribed channel is delivered in order, and nothing after unsubscribe', async () => {
  const { bus, received, publish } = await startBus()
  await Promise.all([bus.subscribe('room:1'), bus.subscribe('room:2')])
  for (const offset of [1, 2, 3]) await publish('room:1', offset)
  await waitFor('three publications', () => received.length === 3)
  const unsubscribed = bus.unsubscribe('room:1')
  await publish('room:1', 4)
  await publish('room:2', 1)
  await unsubscribed
  await waitFor('the barrier', () => received.includes('room:2 1'))
  expect(received).toEqual(['room:1 1', 'room:1 2', 'room:1 3', 'room:2 1'])
})

test('personal channels arrive on the bus channel of the present incarnation', async () => {
  const { bus, received, publishToNode } = await startBus()
  await bus.ensureLive('test')
  await publishToNode('first', 1)
  await bus.moveTo('second')
  await publishToNode('second', 2)
  await waitFor('both', () => received.length === 2)
  await waitFor('the old subscription to end', async () => (await publishToNode('first', 3)).startsWith(':0'))
  await publishToNode('second', 4)
  await waitFor('the last', () => received.includes('#alice 4'))
  expect(received.slice(0, 2)).toEqual(['#alice 1', '#alice 2'])
})

test('a lost connection makes the bus not live until all channels are subscribed again', async () => {
  const { redis, bus, received, restores, publish } = await startBus()
  await bus.subscribe('room:1')
  await waitFor('the bus to be live', () => bus.live)
  await redis.command('CLIENT', 'KILL', 'TYPE', 'pubsub')
  await waitFor('the restore', () => restores() === 1)
  expect(bus.live).toBe(true)
  await publish('room:1', 1)
  await waitFor('the publication', () => received.includes('room:1 1'))
})

test('without a connection, subscribe and ensureLive reject', async () => {
  const { redis, bus } = await startBus()
  await bus.ensureLive('test')
  await redis.kill()
  await waitFor('the loss', () => !bus.live)
  await expect(bus.subscribe('room:1')).rejects.toThrow(/Redis did not subscribe to room:1/)
  await expect(bus.ensureLive('take a lease')).rejects.toThrow(/Redis did not take a lease/)
})
