import { describe, expect, test } from 'vitest'
import { directChannel } from '../conversation/conversation.ts'
import { type Fault, faulty } from '../testing/fault.ts'
import { startWorld } from '../testing/world.ts'

const LOG = directChannel('ann', 'bob')

/** Two nodes; the first dies at a given storage step. */
async function world() {
  const ref: { fault?: Fault } = {}
  const started = await startWorld({
    storageOf: (storage, at) => {
      if (at !== 0) return storage
      ref.fault = faulty(storage, () => started.bus.cut(started.node(0).uid))
      return ref.fault.storage
    },
    clusterOf: (cluster, at) => (at === 0 ? (ref.fault?.cluster(cluster) ?? cluster) : cluster),
  })
  const { fault } = ref
  if (fault === undefined) throw new Error('no fault')
  return { world: started, fault }
}

/** The number of storage steps of `act`. */
async function steps(act: (w: Awaited<ReturnType<typeof world>>) => Promise<unknown>): Promise<number> {
  const w = await world()
  const before = w.fault.calls.length
  await act(w)
  return w.fault.calls.length - before
}

const sendOnce = async ({ world: w }: Awaited<ReturnType<typeof world>>) => {
  const ann = await w.person('ann', 0)
  return () => ann.send({ user: 'bob' }, 'hello', { clientId: 'x', expiresIn: 3600 })
}

describe('a node killed at any step of sending', () => {
  test('delivers the message exactly once, or not at all', async () => {
    const most = await steps(async (w) => (await sendOnce(w))())
    expect(most).toBeGreaterThan(12) // storage and publishing steps
    for (let at = 0; at <= most; at++) {
      const w = await world()
      const bob = await w.world.person('bob', 1)
      const send = await sendOnce(w)
      w.fault.dieAfter(at)
      await send().catch(() => undefined)
      await w.world.kill(0)
      await w.world.clock.advance(30_000)
      const bodies = await bob.bodies()
      const log = (await bob.history(LOG)).map(({ body }) => body)
      expect({ at, bodies: bodies.length <= 1 }).toEqual({ at, bodies: true })
      expect({ at, log }).toEqual({ at, log: bodies })
      // The client reconnects to the other node and repeats the unacknowledged call.
      const again = await w.world.person('ann', 1)
      await again.send({ user: 'bob' }, 'hello', { clientId: 'x', expiresIn: 3600 })
      expect({ at, bodies: await bob.bodies() }).toEqual({ at, bodies: ['hello'] })
      expect({ at, bodies: await again.bodies() }).toMatchObject({ at })
      expect(await bob.history(LOG)).toHaveLength(1)
      const { conversations } = await again.call<{ conversations: { id: string }[] }>('conversations')
      expect(conversations.map(({ id }) => id)).toEqual([LOG])
    }
  })
})

describe('a node killed at any step of an edit', () => {
  test('shows the edit to all readers, or to none', async () => {
    const prepare = async (w: Awaited<ReturnType<typeof world>>) => {
      const ann = await w.world.person('ann', 0)
      const { id, offset } = await ann.send({ user: 'bob' }, 'helo')
      return () =>
        ann.call('edit', { conversation: LOG, target: { id, offset }, body: 'hello', clientId: 'e' })
    }
    const most = await steps(async (w) => (await prepare(w))())
    for (let at = 0; at <= most; at++) {
      const w = await world()
      const bob = await w.world.person('bob', 1)
      const edit = await prepare(w)
      w.fault.dieAfter(at)
      await edit().catch(() => undefined)
      await w.world.kill(0)
      await w.world.clock.advance(30_000)
      const amendedBodies = (await bob.events('amended')).map(({ amendment }) => amendment.body)
      const [item] = await bob.history(LOG)
      expect({ at, amendedBodies }).toEqual({ at, amendedBodies: item?.body === 'hello' ? ['hello'] : [] })
      expect({ at, version: item?.version }).toEqual({ at, version: amendedBodies.length })
    }
  })
})

describe('an edit on another node after a node was killed at any step of an edit', () => {
  test('is the final state', async () => {
    for (let at = 0; at <= 12; at++) {
      const w = await world()
      const bob = await w.world.person('bob', 1)
      const ann = await w.world.person('ann', 0)
      const desk = await w.world.person('ann', 1)
      const { id, offset } = await ann.send({ user: 'bob' }, 'helo')
      await w.world.clock.advance(10)
      w.fault.dieAfter(at)
      await ann.edit(LOG, { id, offset }, 'one').catch(() => undefined)
      await w.world.clock.advance(10)
      await desk.edit(LOG, { id, offset }, 'two')
      await w.world.kill(0)
      await w.world.clock.advance(30_000)
      const [item] = await bob.history(LOG)
      expect({ at, body: item?.body }).toEqual({ at, body: 'two' })
      const amendedBodies = (await bob.events('amended')).toSorted(
        (a, b) => a.amendment.version - b.amendment.version,
      )
      expect({ at, body: amendedBodies.at(-1)?.amendment.body }).toEqual({ at, body: 'two' })
    }
  })
})

describe('a node killed at any step of a kick', () => {
  test('leaves no subscription of a user who is no longer a member', async () => {
    const prepare = async (w: Awaited<ReturnType<typeof world>>) => {
      const ann = await w.world.person('ann', 0)
      const bob = await w.world.person('bob', 1)
      const room = await ann.createRoom('Tea')
      await bob.call('room.join', { room })
      await bob.subscribe(`chat:${room}`)
      return { bob, room, kick: () => ann.call('room.kick', { room, user: 'bob' }) }
    }
    const most = await steps(async (w) => (await prepare(w)).kick())
    for (let at = 0; at <= most; at++) {
      const w = await world()
      const { bob, room, kick } = await prepare(w)
      w.fault.dieAfter(at)
      await kick().catch(() => undefined)
      await w.world.kill(0)
      await w.world.clock.advance(30_000)
      const standing = await w.world.storage.rooms.standing(room, 'bob')
      const hears = bob.client.pushes.every((push) => push.kind !== 'unsubscribe')
      expect({ at, hears }).toEqual({ at, hears: standing?.role !== undefined })
      const { rooms } = await w.world.storage.conversations.of('bob')
      expect({ at, rooms }).toEqual({ at, rooms: hears ? [room] : [] })
    }
  })
})

describe('an expired message', () => {
  test('that was not delivered becomes a dead letter, which can be read and replayed', async () => {
    const w = await startWorld()
    const ann = await w.person('ann')
    const { id } = await ann.send({ user: 'bob' }, 'quick', { ephemeral: true })
    await w.clock.advance(62_000)
    const chat = w.nodes[1]?.chat
    const { letters } = (await chat?.deadLetters({ user: 'bob' })) ?? { letters: [] }
    expect(letters).toMatchObject([
      {
        kind: 'message',
        conversation: LOG,
        message: { id, body: 'quick', type: 'ephemeral' },
        reason: /expired/,
      },
    ])
    expect((await chat?.deadLetters({ user: 'eve' }))?.letters).toEqual([])
    expect(await ann.history(LOG)).toEqual([])
    expect(await chat?.replay(letters[0]?.id ?? '')).toBe(true)
    expect(await ann.history(LOG)).toMatchObject([{ body: 'quick', type: 'private', from: 'ann' }])
    expect((await chat?.deadLetters())?.letters).toEqual([])
  })

  test('of one user is found behind many of other users, in pages', async () => {
    const w = await startWorld({ limits: { sendBurst: 1000 } })
    const ann = await w.person('ann')
    for (let at = 0; at < 230; at++) {
      const user = at === 100 || at === 220 || at === 225 ? 'bob' : 'cy'
      await w.nodes[0]?.chat.send('ann', { to: { user }, body: `${at}`, clientId: `${at}`, expiresIn: 1 })
    }
    await w.clock.advance(20_000)
    const chat = w.nodes[0]?.chat
    const bodies = async (page: object): Promise<unknown[]> => {
      const found = await chat?.deadLetters({ user: 'bob', ...page })
      return [
        ...(found?.letters ?? []).map((one) => one.kind === 'message' && one.message.body),
        found?.cursor,
      ]
    }
    const [first, second, cursor] = await bodies({ limit: 2 })
    expect([first, second]).toEqual(['100', '220'])
    expect(await bodies({ limit: 2, cursor })).toEqual(['225', undefined])
    expect((await chat?.deadLetters({ user: 'ann', limit: 300 }))?.letters).toHaveLength(230)
    ann.leave()
  })

  test('that was delivered in time makes no dead letter', async () => {
    const w = await startWorld()
    const ann = await w.person('ann')
    const bob = await w.person('bob', 1)
    const { offset } = await ann.send({ user: 'bob' }, 'quick', { expiresIn: 5 })
    await bob.call('delivered', { conversation: LOG, offset })
    await w.clock.advance(10_000)
    expect((await w.nodes[0]?.chat.deadLetters())?.letters).toEqual([])
  })
})
