/**
 * Every method with odd strings in place of its ids, cursors and texts: each call succeeds or has a clear
 * error.
 */
import { expect, test } from 'vitest'
import type { Presence } from '../people/presence.ts'
import { startWorld } from '../testing/world.ts'
import { verbs } from '../verbs/index.ts'

const ODD = [
  '',
  ' ',
  '-',
  '(',
  '+',
  '%',
  '{x}',
  '\u0000',
  '\u200b',
  '\ud800',
  'a\udc00',
  '%ED%A0%80',
  'x'.repeat(300),
  'dm:\ud800:b',
  'dm:%ED%A0%80:ann',
  'dm:ann:\udc00',
  'chat:{x}',
  'chat:\ud800',
]

const METHODS = verbs({} as Presence).map(({ method, request }) => {
  const { properties = {} } = request as { readonly properties?: Readonly<Record<string, { type?: string }>> }
  return [method, Object.keys(properties)] as const
})

test.each(METHODS)('%s never ends in an internal error', async (method, members) => {
  const world = await startWorld({ limits: { callBurst: 10_000, sendBurst: 10_000 } })
  const ann = await world.person('ann')
  const { id: room } = (await ann.call('room.create', {
    name: 'room',
    visibility: 'public',
    clientId: 'r',
  })) as { readonly id: string }
  const { id, offset } = await ann.send({ user: 'bob' }, 'x')
  const valid: Readonly<Record<string, unknown>> = {
    conversation: 'dm:ann:bob',
    target: { id, offset },
    to: { user: 'bob' },
    since: { offset: 0, epoch: '' },
    body: 'x',
    name: 'n',
    room,
    user: 'bob',
    users: ['bob'],
    emoji: '👍',
    on: true,
    active: true,
    archived: false,
    seconds: 1,
    offset,
    for: 'me',
    status: 'online',
    role: 'member',
    visibility: 'public',
    token: 'x',
    clientId: 'c',
  }
  const base = Object.fromEntries(members.filter((name) => name in valid).map((name) => [name, valid[name]]))
  for (const member of members) {
    for (const [at, odd] of ODD.entries()) {
      for (const value of [
        odd,
        { user: odd },
        { room: odd },
        { id: odd, offset },
        { offset: 0, epoch: odd },
        [odd],
      ]) {
        const call = { ...base, ...(member === 'clientId' ? {} : { clientId: `c${at}` }), [member]: value }
        const request = Object.fromEntries(Object.entries(call).filter(([name]) => members.includes(name)))
        const outcome = await ann.call(method.slice('chat.'.length), request).then(
          () => undefined,
          (error: { readonly code: number; readonly message: string }) => error,
        )
        expect(outcome?.code ?? 0, JSON.stringify(request)).not.toBe(100)
      }
    }
  }
  expect(world.errors).toEqual([])
})

test.each(['', '-', '(1-0', '\ud800', '9'])('the dead letter cursor %j is rejected', async (cursor) => {
  const world = await startWorld()
  const chat = world.nodes[0]?.chat
  await expect(chat?.deadLetters({ cursor })).rejects.toThrow(/^bad_request/)
  expect(await chat?.replay(cursor)).toBe(false)
})

test.each(['x', '0', '2'.repeat(17)])('the cursor %j of conversations is rejected', async (cursor) => {
  const world = await startWorld()
  const ann = await world.person('ann')
  await expect(ann.call('conversations', { cursor })).rejects.toMatchObject({ code: 400 })
})
