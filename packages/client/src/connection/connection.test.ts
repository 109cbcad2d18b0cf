import { describe, expect, test, vi } from 'vitest'
import { CONNECTION_CLOSED } from '../testing/scripted-transport.ts'
import { newClient, startClient } from '../testing/start-client.ts'
import { room, said, view } from '../testing/views.ts'
import { EVERYONE } from '../wire/names.ts'

const ROOM = 'chat:r'
const RECOVERED = { recovering: true, recovered: true }

describe('the connection', () => {
  test('passes through connecting, catching up, online and reconnecting', async () => {
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

  test('reloads the list after a failed load', async () => {
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

test('calls reject with the error of the server, or with connection', async () => {
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

test('announcements are followed even when the list lacks them', async () => {
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
