/** The room against a scripted SDK: what the real one does here is shown in test/browser. */
import { EventEmitter } from 'node:events'
import type { Centrifuge, HistoryResult, PresenceResult, PublicationContext, Subscription } from 'centrifuge'
import { expect, onTestFinished, test } from 'vitest'
import { enterRoom } from '../public/demo/room.js'

class ScriptedSubscription extends EventEmitter {
  state = 'subscribing'
  readonly histories: PromiseWithResolvers<HistoryResult>[] = []
  readonly presences: PromiseWithResolvers<PresenceResult>[] = []
  subscribe(): void {
    this.emit('subscribing', { code: 0 })
  }
  unsubscribe(): void {
    this.state = 'unsubscribed'
  }
  history(): Promise<HistoryResult> {
    return held(this.histories)
  }
  presence(): Promise<PresenceResult> {
    return held(this.presences)
  }
  /** What the SDK does with a subscribe reply: the event, and the missed publications in the same turn. */
  subscribed(result: { wasRecovering?: boolean; recovered?: boolean } = {}, missed: number[] = []): void {
    this.state = 'subscribed'
    this.emit('subscribed', { wasRecovering: false, recovered: false, ...result })
    for (const offset of missed) this.emit('publication', publication(offset))
  }
  lost(): void {
    this.state = 'subscribing'
    this.emit('subscribing', { code: 1 })
  }
}

function held<T>(list: PromiseWithResolvers<T>[]): Promise<T> {
  const one = Promise.withResolvers<T>()
  list.push(one)
  return one.promise
}

function publication(
  offset: number,
  data: unknown = { text: `m${offset}`, name: 'somebody else' },
): PublicationContext {
  return { channel: 'room:lobby', offset, data, info: { user: 'ada', client: 'c1' } }
}

const page = (...offsets: number[]): HistoryResult => ({
  publications: offsets.map((offset) => publication(offset)),
  offset: offsets[0] ?? 0,
  epoch: 'e',
})

function enter() {
  const subscription = new ScriptedSubscription()
  const seen: string[] = []
  const client = {
    newSubscription: () => subscription as unknown as Subscription,
    removeSubscription: () => undefined,
  }
  const room = enterRoom(client as unknown as Centrifuge, 'lobby', {
    message: ({ text, arrival, user }) => seen.push(`${arrival} ${user} ${text}`),
    caughtUp: (ms) => (count) =>
      seen.push(`${ms === undefined ? 'repaired' : 'offline'}, ${count} caught up`),
    gap: () => seen.push('gap'),
    loading: () => undefined,
    entered: (earlier) => seen.push(`entered after ${earlier}`),
    problem: (text) => seen.push(text),
    joined: () => undefined,
    present: (users) => seen.push(`here: ${users.join(' ')}`),
    came: (user) => seen.push(`${user} came`),
    left: (user) => seen.push(`${user} left`),
  })
  onTestFinished(() => room.leave())
  return { subscription, seen, settle: () => new Promise(setImmediate) }
}

test('what arrives while the history is loading comes after it, once, in order', async () => {
  const { subscription, seen, settle } = enter()
  subscription.subscribed()
  subscription.emit('publication', publication(3))
  subscription.emit('publication', publication(4))
  subscription.histories[0]?.resolve(page(3, 2, 1))
  await settle()
  expect(seen).toEqual([
    'history ada m1',
    'history ada m2',
    'history ada m3',
    'entered after 3',
    'live ada m4',
  ])
})

test('missed messages are counted behind a mark, and live ones go on after them', async () => {
  const { subscription, seen, settle } = enter()
  subscription.subscribed()
  subscription.histories[0]?.resolve(page(1))
  await settle()
  subscription.lost()
  subscription.subscribed({ wasRecovering: true, recovered: true }, [2, 3])
  await settle()
  subscription.emit('publication', publication(4))
  expect(seen.slice(2)).toEqual([
    'caught-up ada m2',
    'caught-up ada m3',
    'offline, 2 caught up',
    'live ada m4',
  ])
})

test('a repair without an interruption is not called offline', async () => {
  const { subscription, seen, settle } = enter()
  subscription.subscribed()
  subscription.histories[0]?.resolve(page())
  await settle()
  subscription.emit('subscribing', { code: 2500 })
  subscription.subscribed({ wasRecovering: true, recovered: true }, [1])
  await settle()
  expect(seen.slice(1)).toEqual(['caught-up ada m1', 'repaired, 1 caught up'])
})

test('when not everything could be recovered, it is said and the latest are loaded, of a new stream too', async () => {
  const { subscription, seen, settle } = enter()
  subscription.subscribed()
  subscription.histories[0]?.resolve(page(9))
  await settle()
  subscription.lost()
  subscription.subscribed({ wasRecovering: true, recovered: false })
  subscription.histories[1]?.resolve(page(2, 1))
  await settle()
  expect(seen.slice(2)).toEqual(['gap', 'history ada m1', 'history ada m2'])
})

test('a history lost with the connection is loaded after the next subscription', async () => {
  const { subscription, seen, settle } = enter()
  subscription.subscribed()
  subscription.lost()
  subscription.histories[0]?.reject({ code: 11, message: 'connection closed' })
  await settle()
  subscription.subscribed({ wasRecovering: true, recovered: true }, [2])
  subscription.histories[1]?.resolve(page(2, 1))
  await settle()
  expect(seen).toEqual(['history ada m1', 'history ada m2', 'entered after 2'])
})

test('a channel without history says so, and live messages still come', async () => {
  const { subscription, seen, settle } = enter()
  subscription.subscribed()
  subscription.histories[0]?.reject({ code: 108, message: 'not available' })
  await settle()
  subscription.emit('publication', publication(0, 'plain'))
  expect(seen).toEqual(['Earlier messages: not available.', 'live ada "plain"'])
})

test('people are counted once per user, and an answer overtaken by a change is asked again', async () => {
  const { subscription, seen, settle } = enter()
  subscription.subscribed()
  subscription.emit('join', { info: { user: 'bob', client: 'c2' } })
  subscription.presences[0]?.resolve({ clients: {} })
  await settle()
  const info = (user: string, client: string) => ({ user, client })
  subscription.presences[1]?.resolve({
    clients: { c1: info('ada', 'c1'), c2: info('bob', 'c2'), c3: info('bob', 'c3') },
  })
  await settle()
  subscription.emit('leave', { info: { user: 'bob', client: 'c2' } })
  expect(seen).toEqual(['here: bob', 'bob came', 'here: ada bob', 'here: ada', 'bob left'])
})
