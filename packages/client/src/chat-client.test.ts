import { describe, expect, test, vi } from 'vitest'
import { EVERYONE } from './names.ts'
import { memoryStorage } from './storage.ts'
import { CONNECTION_CLOSED, turn } from './testing/scripted-transport.ts'
import { newClient, startClient } from './testing/start-client.ts'
import { item, room, said, view } from './testing/views.ts'

const DM = 'dm:ada:bob'
const ROOM = 'chat:r'
const RECOVERED = { recovering: true, recovered: true }
const LIVE = { recovering: false, recovered: false }
const LOST = { recovering: true, recovered: false }
const reply = (offset: number) => ({
  conversation: DM,
  id: `id-${offset}`,
  timestamp: 5,
  offset,
  epoch: 'e',
  duplicate: false,
})

describe('the connection', () => {
  test('is told as it is', async () => {
    const { client, transport } = newClient()
    const states: string[] = []
    client.connection.subscribe(() => states.push(client.connection.get().state))
    client.connect()
    await transport.up()
    await transport.answer('chat.conversations', { conversations: [view({ id: ROOM, room: room() })] })
    expect(states).toEqual(['connecting', 'catching-up'])
    await transport.live(EVERYONE)
    expect(client.connection.get().state).toBe('catching-up')
    await transport.live(ROOM)
    await transport.down()
    await transport.up(RECOVERED)
    await transport.live(EVERYONE, RECOVERED)
    expect(client.connection.get().state).toBe('catching-up')
    await transport.live(ROOM, RECOVERED)
    await transport.ended(4501, 'signed out')
    expect(states).toEqual([
      'connecting',
      'catching-up',
      'online',
      'reconnecting',
      'catching-up',
      'online',
      'ended',
    ])
    expect(client.connection.get()).toEqual({ state: 'ended', code: 4501, reason: 'signed out' })
  })

  test('asks for the list again when it could not be had', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { client, transport, problems } = newClient()
    client.connect()
    await transport.up()
    await transport.refuse('chat.conversations', { code: 100, message: 'internal', temporary: true })
    await vi.advanceTimersByTimeAsync(2000)
    await transport.answer('chat.conversations', { conversations: [] })
    await transport.live(EVERYONE)
    expect(client.connection.get().state).toBe('online')
    expect(problems).toMatchObject([{ code: 100 }])
    vi.useRealTimers()
  })
})

describe('sending', () => {
  test('is shown at once, and goes from sending to sent to delivered to read', async () => {
    const { client, transport } = await startClient([view({ id: DM, with: 'bob' })])
    const conversation = client.conversation(DM)
    const seen: unknown[] = []
    const look = () => seen.push(conversation.timeline.get().messages.at(-1)?.status)
    conversation.send('hello')
    look()
    await transport.answer('chat.send', reply(1))
    look()
    const clientId = conversation.timeline.get().messages[0]?.item.clientId ?? ''
    const keyBefore = conversation.timeline.get().messages[0]?.key
    conversation.open()
    await transport.answer('chat.history', {
      items: [item(1, { from: 'ada', clientId })],
      top: { offset: 1, epoch: 'e' },
    })
    for (const event of ['delivered', 'read']) {
      await transport.push('#ada', { event, conversation: DM, user: 'bob', offset: 1, at: 1 }, 1)
      look()
    }
    expect(seen).toEqual(['sending', 'sent', 'delivered', 'read'])
    expect(conversation.timeline.get().messages.map(({ key }) => key)).toEqual([keyBefore])
  })

  test('one after the other in a conversation, side by side across conversations', async () => {
    const { client, transport } = await startClient([])
    client.direct('bob').send('one')
    client.direct('bob').send('two')
    client.direct('eve').send('three')
    await turn()
    const bodies = () => transport.held.flatMap(({ request }) => ('body' in request ? [request.body] : []))
    expect(bodies()).toEqual(['one', 'three'])
    await transport.answer('chat.send', reply(1))
    expect(bodies()).toEqual(['three', 'two'])
  })

  test('waits for the connection, outlives the page, and is repeated with the same id', async () => {
    const storage = memoryStorage()
    const before = newClient(storage)
    before.client.direct('bob').send('written offline')
    expect(before.client.direct('bob').timeline.get().messages[0]?.status).toBe('queued')
    const { client, transport } = newClient(storage)
    client.connect()
    await transport.up()
    await transport.down()
    await transport.up(RECOVERED)
    const sent = transport.made.filter(({ method }) => method === 'chat.send').map(({ request }) => request)
    expect(sent).toHaveLength(2)
    expect(sent[0]).toEqual(sent[1])
    await transport.answer('chat.send', reply(1))
    expect(client.unsent.get()).toBe(0)
    await transport.down()
    await transport.up(RECOVERED)
    expect(transport.holds('chat.send')).toBe(false)
  })

  test('is over when its message comes back by itself, whatever became of the reply', async () => {
    const { client, transport } = await startClient([])
    const clientId = client.direct('bob').send('hello')
    await transport.down()
    await transport.up(RECOVERED, [said(DM, 1, { from: 'ada', to: 'bob', body: 'hello', clientId })])
    expect(transport.holds('chat.send')).toBe(false)
    expect(client.unsent.get()).toBe(0)
  })

  test('refused is failed with its reason, does not hold up the next, and can be tried again or given up', async () => {
    const { client, transport } = await startClient([])
    const conversation = client.direct('bob')
    const first = conversation.send('bad')
    const second = conversation.send('good')
    await transport.refuse('chat.send', { code: 412, message: 'bad_body: no' })
    await transport.answer('chat.send', reply(1))
    const [failed] = conversation.timeline.get().messages.filter(({ status }) => status === 'failed')
    expect(failed).toMatchObject({ item: { clientId: first }, failure: { reason: 'bad_body' } })
    conversation.retry(first)
    await transport.refuse('chat.send', { code: 412, message: 'bad_body: no' })
    conversation.discard(first)
    expect(conversation.timeline.get().messages.map(({ item }) => item.clientId)).toEqual([second])
  })

  test('too fast is tried again more and more slowly', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { client, transport } = await startClient([])
    client.direct('bob').send('hello')
    for (const wait of [1000, 2000, 4000]) {
      await transport.refuse('chat.send', { code: 470, message: 'rate_limited: slow', temporary: true })
      await vi.advanceTimersByTimeAsync(wait - 1)
      expect(transport.holds('chat.send')).toBe(false)
      await vi.advanceTimersByTimeAsync(1)
    }
    await transport.answer('chat.send', reply(1))
    expect(client.unsent.get()).toBe(0)
    vi.useRealTimers()
  })

  test('does not repeat by itself what the server would no longer recognise', async () => {
    const storage = memoryStorage()
    let now = 0
    const { client, transport } = newClient(storage, () => now)
    client.connect()
    await transport.up()
    client.direct('bob').send('was it sent?')
    await transport.down()
    now = 86_400_000
    await transport.up(RECOVERED)
    expect(transport.holds('chat.send')).toBe(false)
    expect(client.direct('bob').timeline.get().messages[0]?.failure?.reason).toBe('unknown_outcome')
  })
})

describe('a conversation', () => {
  test('counts unread from positions, through repetitions, its own cursor and deletions', async () => {
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

  test('asks the server when its cursor goes where it cannot count', async () => {
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

  test('of somebody new is asked for, and not counted twice', async () => {
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

  test('is read anew when something was missed for good', async () => {
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

  test('whose history was lost with the connection is loaded after the next one', async () => {
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

  test('pages back until something is there, one page at a time', async () => {
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

  test('that we are removed from goes, with the reason', async () => {
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

  test('whose subscription the server ended is looked at, and left when we are out', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { client, transport } = await startClient([view({ id: ROOM, room: room() })])
    await transport.gone(ROOM, 103)
    await vi.advanceTimersByTimeAsync(1000)
    vi.useRealTimers()
    await transport.refuse('chat.conversation', { code: 403, message: 'not_member: no' })
    expect(client.conversations.get().conversations).toEqual([])
  })

  test('whose subscription ended before the inbox told why goes with that reason', async () => {
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

  test('follows its room from where the list was', async () => {
    const top = { offset: 7, epoch: 'e' }
    const { transport } = await startClient([view({ id: ROOM, room: room(), top })])
    expect(transport.subscriptions.get(ROOM)).toEqual(top)
  })
})

describe('receipts', () => {
  test('of several places become one call, told again after a lost connection', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { transport } = await startClient([view({ id: DM, with: 'bob' })])
    for (const offset of [1, 2, 3]) await transport.push('#ada', said(DM, offset), offset)
    await vi.advanceTimersByTimeAsync(1000)
    await transport.down()
    await transport.up(RECOVERED)
    await vi.advanceTimersByTimeAsync(1000)
    await transport.answer('chat.delivered', { offset: 3 })
    const told = transport.made
      .filter(({ method }) => method === 'chat.delivered')
      .map(({ request }) => request)
    expect(told).toEqual([
      { conversation: DM, offset: 3 },
      { conversation: DM, offset: 3 },
    ])
    vi.useRealTimers()
  })
})

describe('typing', () => {
  test('of others ends by itself, by their message, and with the connection', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { client, transport } = await startClient([view({ id: DM, with: 'bob' })])
    const { typists } = client.conversation(DM)
    const typing = () =>
      transport.push('#ada', {
        event: 'typing',
        conversation: DM,
        user: 'bob',
        active: true,
        expiresAt: Date.now() + 6000,
      })
    await typing()
    expect(typists.get()).toEqual(['bob'])
    await vi.advanceTimersByTimeAsync(6000)
    expect(typists.get()).toEqual([])
    await typing()
    await transport.push('#ada', said(DM, 1), 1)
    expect(typists.get()).toEqual([])
    await typing()
    await transport.down()
    expect(typists.get()).toEqual([])
    vi.useRealTimers()
  })

  test('of oneself is told now and then, and taken back once', async () => {
    const { client, transport } = await startClient([view({ id: DM, with: 'bob' })])
    const conversation = client.conversation(DM)
    for (const active of [true, true, false, false]) conversation.typing(active)
    const told = transport.made.filter(({ method }) => method === 'chat.typing').map(({ request }) => request)
    expect(told).toEqual([
      { conversation: DM, active: true },
      { conversation: DM, active: false },
    ])
  })
})

test('people are watched while somebody looks, told anew after a reconnect, and are unknown meanwhile', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const { client, transport } = await startClient([])
  const is = (status: string, at: number) => ({ user: 'b:b', status, at })
  const bob = client.people.person('b:b')
  const end = bob.subscribe(() => undefined)
  await transport.live('people:b%3Ab', { ...LIVE, data: is('online', 5) })
  expect(bob.get()?.status).toBe('online')
  await transport.push('people:b%3Ab', { event: 'presence', ...is('offline', 4) })
  expect(bob.get()?.status).toBe('online')
  await transport.push('people:b%3Ab', { event: 'presence', ...is('away', 6) })
  expect(bob.get()?.status).toBe('away')
  await transport.down()
  expect(bob.get()).toBeUndefined()
  await transport.up(RECOVERED)
  await transport.live('people:b%3Ab', { ...LIVE, data: is('suspected', 2) })
  expect(bob.get()?.status).toBe('suspected')
  end()
  await vi.advanceTimersByTimeAsync(5000)
  expect(transport.subscriptions.has('people:b%3Ab')).toBe(false)
  vi.useRealTimers()
})

test('more people than one connection may watch wait until one is given up', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const { client, transport } = await startClient([])
  const ends = Array.from({ length: 51 }, (_, at) =>
    client.people.person(`u${at}`).subscribe(() => undefined),
  )
  expect(transport.subscriptions.has('people:u50')).toBe(false)
  ends[0]?.()
  await vi.advanceTimersByTimeAsync(5000)
  expect(transport.subscriptions.has('people:u0')).toBe(false)
  expect(transport.subscriptions.has('people:u50')).toBe(true)
  vi.useRealTimers()
})

test('announcements are followed, though the list does not have them', async () => {
  const { client, transport } = await startClient([])
  const system = { kind: 'announcement' as const }
  await transport.push(
    'chat:@everyone',
    said('chat:@everyone', 1, { type: 'system', from: '', body: 'hello all', system }),
    1,
  )
  await transport.answer('chat.conversation', view({ id: 'chat:@everyone', type: 'broadcast' }))
  expect(client.conversations.get().conversations.map(({ id }) => id)).toEqual(['chat:@everyone'])
})

test('calls reject with what the server said, or that it was not reached', async () => {
  const { client, transport } = await startClient([])
  const refused = expect(client.rooms.join('r')).rejects
  const joining = refused.toMatchObject({ code: 406, reason: 'banned', temporary: false })
  await transport.refuse('chat.room.join', { code: 406, message: 'banned: you are banned from this room' })
  await joining
  const unreached = expect(client.rooms.join('r')).rejects
  const again = unreached.toMatchObject({ reason: 'connection', temporary: true, unreached: true })
  await transport.refuse('chat.room.join', CONNECTION_CLOSED)
  await again
})
