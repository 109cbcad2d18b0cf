/**
 * Which subscriptions receive a patch, and of which publication. SDKs decode them in
 * test/cluster/delta.test.ts.
 */
import { encodeEnvelope } from '@skein/protocol'
import { Centrifuge } from 'centrifuge'
import { describe, expect, test } from 'vitest'
import { Channels } from '../namespaces/channels.ts'
import { connected, type TestClient } from '../testing/client.ts'
import { startNodes } from '../testing/nodes.ts'
import { DeltaFrames } from './delta-frames.ts'

const CHANNELS = {
  namespaces: {
    state: { subscribe: 'anyone', delta: true, historySize: 100, historyTtl: 60, recovery: true },
    plain: { subscribe: 'anyone' },
  },
} as const

const data = (n: number) =>
  JSON.stringify({ of: 'what hardly ever changes, and is long enough for patches', n })

interface Pub {
  readonly data: unknown
  readonly offset: number
  readonly delta?: boolean
}

/** The messages on the wire. */
function publications(client: TestClient): Pub[] {
  const lines = client.socket.frames.flatMap((frame) => Buffer.from(frame.payload).toString().split('\n'))
  return lines.flatMap((line): Pub[] => {
    const { push, subscribe } = JSON.parse(line)
    return [...(subscribe?.publications ?? []), ...(push?.pub === undefined ? [] : [push.pub])]
  })
}

/** w: whole, p: patch, n: without a mark of deltas; with the offsets. */
function kinds(client: TestClient): string[] {
  return publications(client).map((pub) => {
    const kind = typeof pub.data === 'string' ? (pub.delta === true ? 'p' : 'w') : 'n'
    return `${kind}${pub.offset}`
  })
}

/** Decodes with the decoder of the SDK. */
function readStates(client: TestClient): number[] {
  const { _codec: codec } = new Centrifuge('ws://nobody', { websocket: WebSocket }) as unknown as {
    _codec: {
      applyDeltaIfNeeded(pub: Pub, before?: Uint8Array): { newData: { n: number }; newPrevValue: Uint8Array }
    }
  }
  let before: Uint8Array | undefined
  return publications(client).map((pub) => {
    const { newData, newPrevValue } = codec.applyDeltaIfNeeded(pub, before)
    before = newPrevValue
    return newData.n
  })
}

const ask = { channel: 'state:a', delta: 'fossil' }

describe('a namespace with deltas', () => {
  test('sends the first publication whole and then patches, shared by the subscriptions with deltas', async () => {
    const { node, clock } = await startNodes({ channels: CHANNELS })
    const clients = await Promise.all(['ann', 'bob', 'eve'].map((user) => connected(node, user)))
    const [ann, bob, eve] = clients
    if (ann === undefined || bob === undefined || eve === undefined) throw new Error('no clients')
    expect(await ann.call('subscribe', ask)).toMatchObject({ delta: true })
    await bob.call('subscribe', ask)
    expect(await eve.call('subscribe', { channel: 'state:a' })).not.toHaveProperty('delta')
    for (let n = 1; n <= 3; n++) {
      await node.publish('state:a', { data: data(n) })
      await clock.advance(50)
    }
    expect(clients.map(kinds)).toEqual([
      ['w1', 'p2', 'p3'],
      ['w1', 'p2', 'p3'],
      ['n1', 'n2', 'n3'],
    ])
    expect(ann.socket.frames.at(-1)).toBe(bob.socket.frames.at(-1))
  })

  test('sends a later subscriber one publication whole and then patches', async () => {
    const { node, clock } = await startNodes({ channels: CHANNELS })
    const [ann, bob] = [await connected(node, 'ann'), await connected(node, 'bob')]
    await ann.call('subscribe', ask)
    await node.publish('state:a', { data: data(1) })
    await bob.call('subscribe', ask)
    for (let n = 2; n <= 3; n++) {
      await node.publish('state:a', { data: data(n) })
      await clock.advance(50)
    }
    expect([kinds(ann), kinds(bob)]).toEqual([
      ['w1', 'p2', 'p3'],
      ['w2', 'p3'],
    ])
  })

  test('chains the recovered publications and continues from the last one', async () => {
    const { node, clock } = await startNodes({ channels: CHANNELS })
    const [ann, bob] = [await connected(node, 'ann'), await connected(node, 'bob')]
    await bob.call('subscribe', ask)
    const { epoch = '' } = await ann.call('subscribe', { channel: 'state:a' })
    await ann.call('unsubscribe', { channel: 'state:a' })
    for (let n = 1; n <= 3; n++) await node.publish('state:a', { data: data(n) })
    await ann.call('subscribe', { ...ask, recover: true, epoch, offset: 1 })
    await node.publish('state:a', { data: data(4) })
    await clock.advance(50)
    expect(kinds(ann)).toEqual(['w2', 'p3', 'p4'])
    expect(kinds(bob)).toEqual(['w1', 'p2', 'p3', 'p4'])
  })
})

test('a repaired gap leaves no subscriber with a patch of a publication that it lacks', async () => {
  const { node, bus, clock } = await startNodes({ channels: CHANNELS })
  const ann = await connected(node, 'ann')
  await ann.call('subscribe', ask)
  await node.publish('state:a', { data: data(1) })
  bus.lose(() => true)
  for (let n = 2; n <= 3; n++) await node.publish('state:a', { data: data(n) })
  await clock.advance(50)
  bus.lose()
  await node.publish('state:a', { data: data(4) })
  await clock.advance(50)
  expect(kinds(ann)).toEqual(['w1', 'p2', 'p3', 'p4'])
  expect(readStates(ann)).toEqual([1, 2, 3, 4])
})

test('a subscriber with another last publication receives the publication whole', () => {
  const [a, b, next] = [1, 2, 3].map((n) => encodeEnvelope({ data: data(n) }))
  if (a === undefined || b === undefined || next === undefined) throw new Error('three')
  const frames = new DeltaFrames({ kind: 'pub', channel: 'state:a', offset: 3, envelope: next }, true)
  const patch = frames.onto(a, 'json')
  expect(String(patch?.payload)).toContain('"delta":true')
  expect(String(frames.onto(b, 'json')?.payload)).not.toContain('"delta":true')
  expect(frames.onto(b, 'json')).toBe(frames.onto(null, 'json'))
  expect(frames.onto(encodeEnvelope({ data: data(1) }), 'json')).toBe(patch)
})

describe('no deltas', () => {
  test.each([
    ['where the namespace has none', { channel: 'plain:a', delta: 'fossil' }],
    ['of another kind', { channel: 'state:a', delta: 'vcdiff' }],
  ])('%s', async (_, request) => {
    const { node, clock } = await startNodes({ channels: CHANNELS })
    const ann = await connected(node, 'ann')
    expect(await ann.call('subscribe', request)).not.toHaveProperty('delta')
    await node.publish(request.channel, { data: data(1) })
    await clock.advance(50)
    expect(kinds(ann)[0]).toMatch(/^n/)
  })

  test('in a namespace that may drop publications, which is rejected', () => {
    const namespaces = { a: { delta: true, delivery: 'latest' } } as const
    expect(() => new Channels({ namespaces }, 255)).toThrow(/delta needs delivery/)
  })
})

describe('frames that are shared', () => {
  test('are marked, alone and joined for many sockets; joined for one socket they are its parts', async () => {
    const { node, clock } = await startNodes({ channels: CHANNELS })
    const [ann, bob, eve] = [
      await connected(node, 'ann'),
      await connected(node, 'bob'),
      await connected(node, 'eve'),
    ]
    for (const client of [ann, bob, eve]) await client.call('subscribe', { channel: 'plain:a' })
    await eve.call('subscribe', { channel: 'plain:b' })
    await clock.advance(50)
    for (const channel of ['plain:a', 'plain:a', 'plain:b', 'plain:a'])
      await node.publish(channel, { data: '1' })
    await clock.advance(50)
    const [first, joined] = ann.socket.frames.slice(-2)
    expect([first?.shared, joined?.shared, joined?.parts]).toEqual([true, true, undefined])
    expect(bob.socket.frames.at(-1)).toBe(joined)
    const own = eve.socket.frames.at(-1)
    expect(own?.shared).toBeUndefined()
    expect(own?.parts?.map((part) => part.shared)).toEqual([true, true, true])
  })

  test('are not shared once every other socket waits for more', async () => {
    const { node, clock } = await startNodes({ channels: CHANNELS })
    const [ann, eve] = [await connected(node, 'ann'), await connected(node, 'eve')]
    for (const client of [ann, eve]) await client.call('subscribe', { channel: 'plain:a' })
    await eve.call('subscribe', { channel: 'plain:b' })
    await clock.advance(50)
    for (const channel of ['plain:a', 'plain:a', 'plain:a', 'plain:b'])
      await node.publish(channel, { data: '1' })
    await clock.advance(50)
    expect([ann, eve].map((client) => client.socket.frames.at(-1)?.parts?.length)).toEqual([2, 3])
  })
})
