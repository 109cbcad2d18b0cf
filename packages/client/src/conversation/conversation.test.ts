import { describe, expect, test, vi } from 'vitest'
import { startClient } from '../testing/start-client.ts'
import { item, room, said, view } from '../testing/views.ts'

const DM = 'dm:ada:bob'
const ROOM = 'chat:r'
const RECOVERED = { recovering: true, recovered: true }
const LOST = { recovering: true, recovered: false }

describe('a conversation', () => {
  test('counts unread messages from positions, across repetitions, own reads and deletions', async () => {
    const { client, transport } = await startClient([
      view({ id: DM, with: 'bob', top: { offset: 4, epoch: 'e' }, read: 2, unread: 2 }),
    ])
    const conversation = client.conversation(DM)
    const unread = () => conversation.state.get().unread
    for (const offset of [4, 5, 5, 6]) await transport.push('#ada', said(DM, offset), offset)
    expect(unread()).toBe(4)
    await transport.push('#ada', said(DM, 7, { from: 'ada' }), 9)
    expect(unread()).toBe(4)
    await transport.push('#ada', {
      event: 'amended',
      conversation: DM,
      target: { id: 'id-m6', offset: 6 },
      by: 'bob',
      amendment: { version: 1, deletedAt: 1 },
    })
    expect(unread()).toBe(3)
    await transport.push('#ada', { event: 'read', conversation: DM, user: 'ada', offset: 4, at: 1 })
    expect(unread()).toBe(1)
    conversation.markRead()
    expect(unread()).toBe(0)
  })

  test('asks the server when its cursor moves into the uncounted part', async () => {
    const { client, transport } = await startClient([
      view({ id: DM, with: 'bob', top: { offset: 9, epoch: 'e' }, unread: 9 }),
    ])
    await transport.push('#ada', { event: 'read', conversation: DM, user: 'ada', offset: 4, at: 1 })
    await transport.answer(
      'chat.conversation',
      view({ id: DM, with: 'bob', top: { offset: 9, epoch: 'e' }, read: 4, unread: 5 }),
    )
    expect(client.conversation(DM).state.get().unread).toBe(5)
  })

  test('with a new user is loaded once and counted once', async () => {
    const { client, transport } = await startClient([])
    await transport.push('#ada', said('dm:ada:eve', 1, { from: 'eve' }), 1)
    await transport.push('#ada', said('dm:ada:eve', 2, { from: 'eve' }), 2)
    await transport.answer(
      'chat.conversation',
      view({ id: 'dm:ada:eve', with: 'eve', top: { offset: 1, epoch: 'e' }, unread: 1 }),
    )
    const [conversation] = client.conversations.get().conversations
    expect(conversation?.state.get()).toMatchObject({ with: 'eve', unread: 2 })
    expect(client.conversations.get().unread).toBe(2)
  })

  test('is reloaded after publications were lost', async () => {
    const { client, transport } = await startClient([
      view({ id: ROOM, room: room(), top: { offset: 1, epoch: 'e' } }),
    ])
    const conversation = client.conversation(ROOM)
    conversation.open()
    await transport.answer('chat.history', { items: [item(1)], top: { offset: 1, epoch: 'e' } })
    await transport.down()
    await transport.up(RECOVERED)
    await transport.live(ROOM, LOST)
    await transport.answer('chat.history', {
      items: [item(8), item(9)],
      top: { offset: 9, epoch: 'e' },
      next: 8,
    })
    expect(conversation.timeline.get().messages.map(({ item }) => item.offset)).toEqual([8, 9])
  })

  test('whose load failed with the connection is loaded after the reconnect', async () => {
    const { client, transport } = await startClient([view({ id: DM, with: 'bob' })])
    const conversation = client.conversation(DM)
    conversation.open()
    await transport.down()
    expect(conversation.timeline.get()).toMatchObject({ loaded: false })
    expect(conversation.timeline.get().error).toBeUndefined()
    await transport.up(RECOVERED)
    await transport.answer('chat.history', { items: [item(1)], top: { offset: 1, epoch: 'e' } })
    expect(conversation.timeline.get().messages).toHaveLength(1)
  })

  test('loads earlier pages until one has messages, one page at a time', async () => {
    const { client, transport } = await startClient([view({ id: DM, with: 'bob' })])
    const conversation = client.conversation(DM)
    conversation.open()
    await transport.answer('chat.history', { items: [item(9)], top: { offset: 9, epoch: 'e' }, next: 9 })
    const older = conversation.loadOlder()
    expect(conversation.loadOlder()).toBe(older)
    await transport.answer('chat.history', { items: [], top: { offset: 9, epoch: 'e' }, next: 5 })
    await transport.answer('chat.history', { items: [item(1)], top: { offset: 9, epoch: 'e' } })
    await older
    expect(conversation.timeline.get()).toMatchObject({ complete: true })
    expect(conversation.timeline.get().messages.map(({ item }) => item.offset)).toEqual([1, 9])
  })

  test('is removed with the reason when the user is removed', async () => {
    const { client, transport } = await startClient([view({ id: ROOM, room: room() })])
    const removed: unknown[] = []
    client.on('removed', (event) => removed.push(event))
    await transport.push('#ada', {
      event: 'conversation',
      conversation: ROOM,
      change: 'removed',
      reason: 'kicked',
    })
    expect(client.conversations.get().conversations).toEqual([])
    expect(transport.subscriptions.has(ROOM)).toBe(false)
    expect(removed).toEqual([{ conversation: ROOM, reason: 'kicked', room: room() }])
  })

  test('is checked when the server ends its subscription, and removed when the user is out', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { client, transport } = await startClient([view({ id: ROOM, room: room() })])
    await transport.gone(ROOM, 103)
    await vi.advanceTimersByTimeAsync(1000)
    vi.useRealTimers()
    await transport.refuse('chat.conversation', { code: 403, message: 'not_member: no' })
    expect(client.conversations.get().conversations).toEqual([])
  })

  test('is removed with the reason when the subscription ends before the inbox event', async () => {
    const { client, transport } = await startClient([view({ id: ROOM, room: room() })])
    const removed: unknown[] = []
    client.on('removed', (event) => removed.push(event))
    await transport.gone(ROOM, 103)
    await transport.push('#ada', {
      event: 'conversation',
      conversation: ROOM,
      change: 'removed',
      reason: 'banned',
    })
    expect(removed).toEqual([{ conversation: ROOM, reason: 'banned', room: room() }])
  })

  test('fetches quoted messages in one call, again after a lost connection', async () => {
    const { client, transport } = await startClient([view({ id: DM, with: 'bob' })])
    const conversation = client.conversation(DM)
    const targets = [1, 2].map((offset) => ({ id: `id-m${offset}`, offset }))
    const quoted = () => targets.map((target) => conversation.quoted(target))
    expect(quoted()).toEqual([undefined, undefined])
    await transport.down()
    await transport.up(RECOVERED)
    expect(transport.held.filter(({ method }) => method === 'chat.messages')).toHaveLength(1)
    expect(await transport.answer('chat.messages', { items: [item(1)] })).toEqual({
      conversation: DM,
      targets,
    })
    expect(quoted()).toEqual([item(1), 'gone'])
    expect(transport.holds('chat.messages')).toBe(false)
  })

  test('follows its room from the position of the list', async () => {
    const top = { offset: 7, epoch: 'e' }
    const { transport } = await startClient([view({ id: ROOM, room: room(), top })])
    expect(transport.subscriptions.get(ROOM)).toEqual(top)
  })
})
