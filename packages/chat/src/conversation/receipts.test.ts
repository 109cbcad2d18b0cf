import { describe, expect, test } from 'vitest'
import { startWorld } from '../testing/world.ts'
import { directChannel } from './conversation.ts'

const LOG = directChannel('ann', 'bob')

async function talk(bodies = ['one', 'two', 'three']) {
  const world = await startWorld()
  const ann = await world.person('ann', 0)
  const bob = await world.person('bob', 1, 'phone')
  for (const body of bodies) await ann.send({ user: 'bob' }, body)
  return { world, ann, bob }
}

describe('reading', () => {
  test('moves a cursor forward only, and notifies both sides', async () => {
    const { world, ann, bob } = await talk()
    const desk = await world.person('bob', 0, 'desk')
    expect(await bob.conversation(LOG)).toMatchObject({ unread: 3, read: 0 })
    expect(await bob.call('read', { conversation: LOG, offset: 2 })).toEqual({ offset: 2, unread: 1 })
    expect(await desk.call('read', { conversation: LOG, offset: 1 })).toEqual({ offset: 2, unread: 1 })
    expect(await ann.events('read')).toMatchObject([{ conversation: LOG, user: 'bob', offset: 2 }])
    expect(await desk.events('read')).toHaveLength(1)
    expect(await ann.conversation(LOG)).toMatchObject({ peer: { read: 2, delivered: 2 }, unread: 0 })
    expect(await desk.conversation(LOG)).toMatchObject({ read: 2, unread: 1 })
  })

  test('beyond the last message is rejected', async () => {
    const { bob } = await talk()
    const refused = { code: 430, message: /^receipt_future: / }
    await expect(bob.call('read', { conversation: LOG, offset: 4 })).rejects.toMatchObject(refused)
    await expect(bob.call('delivered', { conversation: LOG, offset: 4 })).rejects.toMatchObject(refused)
  })

  test('with the id of another message is rejected', async () => {
    const { world, ann, bob } = await talk()
    const other = await ann.send({ user: 'cy' }, 'elsewhere')
    const call = { conversation: LOG, offset: 1, id: other.id }
    await expect(bob.call('read', call)).rejects.toMatchObject({ code: 431, message: /^receipt_mismatch: / })
    const eve = await world.person('eve')
    await expect(eve.call('read', { conversation: LOG, offset: 1 })).rejects.toMatchObject({ code: 403 })
    const unknown = { code: 401, message: /^unknown_conversation: / }
    for (const conversation of ['dm:bob:ann', 'dm:ann', 'room:x', 'chat:', '#ann', 'dm:%zz:a'])
      await expect(bob.call('read', { conversation, offset: 0 })).rejects.toMatchObject(unknown)
  })

  test('continues in a new epoch at the time of the message', async () => {
    const { world, ann, bob } = await talk()
    await bob.call('read', { conversation: LOG, offset: 3 })
    await world.clock.advance(10)
    world.bus.streams.forget(LOG)
    await ann.send({ user: 'bob' }, 'after the loss')
    expect(await bob.conversation(LOG)).toMatchObject({ unread: 1, read: 0, top: { offset: 1 } })
    expect(await bob.call('read', { conversation: LOG, offset: 1 })).toEqual({ offset: 1, unread: 0 })
  })
})

describe('unread', () => {
  test('excludes deleted, hidden, expired and own messages', async () => {
    const { world, ann, bob } = await talk([])
    const own = await bob.send({ user: 'ann' }, 'mine')
    const deleted = await ann.send({ user: 'bob' }, 'deleted')
    const hidden = await ann.send({ user: 'bob' }, 'hidden')
    await ann.send({ user: 'bob' }, 'over', { expiresIn: 5 })
    await ann.send({ user: 'bob' }, 'counts')
    expect(await bob.conversation(LOG)).toMatchObject({ unread: 4 })
    await ann.delete(LOG, { id: deleted.id, offset: deleted.offset }, 'all')
    await bob.delete(LOG, { id: hidden.id, offset: hidden.offset }, 'me')
    await bob.react(LOG, { id: own.id, offset: own.offset }, '👍')
    await world.clock.advance(5000)
    expect(await bob.conversation(LOG)).toMatchObject({ unread: 1, last: { body: 'counts' } })
    expect((await bob.history(LOG)).map(({ body }) => body)).toEqual(['mine', '', 'counts'])
  })
})

describe('delivery', () => {
  test('is the furthest position of all devices', async () => {
    const { world, ann, bob } = await talk()
    const desk = await world.person('bob', 0, 'desk')
    await bob.call('delivered', { conversation: LOG, offset: 2 })
    await desk.call('delivered', { conversation: LOG, offset: 1 })
    await desk.call('delivered', { conversation: LOG, offset: 3 })
    expect((await ann.events('delivered')).map(({ offset }) => offset)).toEqual([2, 3])
    expect(await ann.call('receipts', { conversation: LOG })).toEqual({
      users: [
        { user: 'ann', read: 0, delivered: 0 },
        { user: 'bob', read: 0, delivered: 3 },
      ],
    })
  })
})

describe('the list of conversations', () => {
  test('has pinned conversations first, then the latest, in pages', async () => {
    const { world, ann } = await talk([])
    const names = ['b', 'c', 'd', 'e']
    for (const user of names) {
      await ann.send({ user }, `to ${user}`)
      await world.clock.advance(10)
    }
    const room = await ann.createRoom('Tea')
    const pinned = directChannel('ann', 'b')
    const flags = await ann.call('conversation.set', { conversation: pinned, pinned: true, muted: true })
    expect(flags).toEqual({ pinned: true, muted: true })
    type Page = {
      conversations: { id: string; with?: string; pinned: boolean; muted: boolean }[]
      cursor?: string
    }
    const first = await ann.call<Page>('conversations', { limit: 2 })
    const second = await ann.call<Page>('conversations', { limit: 9, cursor: first.cursor })
    const all = [...first.conversations, ...second.conversations]
    expect(all.map(({ id, with: other }) => other ?? id)).toEqual(['b', `chat:${room}`, 'e', 'd', 'c'])
    expect(all[0]).toMatchObject({ pinned: true, muted: true, last: { body: 'to b' } })
    expect(second.cursor).toBeUndefined()
    expect(await ann.events('conversation')).toMatchObject([
      { reason: 'joined' },
      { change: 'updated', pinned: true },
    ])
  })
})

describe('typing', () => {
  test('reaches the other side and is not kept', async () => {
    const { world, ann, bob } = await talk(['x'])
    await ann.call('typing', { conversation: LOG, active: true })
    const now = world.clock.now()
    expect(await bob.events('typing')).toMatchObject([{ user: 'ann', active: true, expiresAt: now + 6000 }])
    expect(await ann.events('typing')).toEqual([])
    expect((await bob.heard()).at(-1)).toMatchObject({ offset: 0 })
    expect(await bob.history(LOG)).toHaveLength(1)
  })
})

describe('history', () => {
  test('reads backwards and forwards without gaps or repeats, with amendments in the log', async () => {
    const { ann, bob } = await talk([])
    for (let at = 1; at <= 15; at++) {
      const { id, offset } = await ann.send({ user: 'bob' }, `m${at}`)
      if (at % 3 === 0) await bob.react(LOG, { id, offset }, '👍')
    }
    const expected = Array.from({ length: 15 }, (_, at) => `m${at + 1}`)
    for (const direction of ['before', 'after'] as const) {
      const seen: string[] = []
      let from: number | undefined = direction === 'after' ? 0 : undefined
      do {
        type Page = { items: { body: string }[]; next?: number }
        const page: Page = await bob.call('history', {
          conversation: LOG,
          limit: 4,
          ...(from !== undefined && { [direction]: from }),
        })
        const bodies = page.items.map(({ body }) => body)
        if (direction === 'after') seen.push(...bodies)
        else seen.unshift(...bodies)
        from = page.next
      } while (from !== undefined)
      expect(seen).toEqual(expected)
    }
  })
})
