import { expect, it } from 'vitest'
import { replayed, report } from './chat-output.ts'

const at = Date.UTC(2026, 0, 2, 3, 4, 5)
const message = { from: 'ann', to: 'bob', body: 'hi', type: 'private', timestamp: at }

it('prints conversations, sessions and dead letters of a user in columns', () => {
  const lines = report({
    user: 'ann',
    conversations: [
      { is: 'conversation', id: 'dm:ann:bob', with: 'bob', unread: 12, pinned: true, last: message },
      { is: 'conversation', id: 'chat:r1', room: { name: 'Tea' }, role: 'owner', unread: 0 },
    ],
    sessions: [
      {
        is: 'session',
        client: 'c1',
        node: 'uid',
        nodeName: 'node-1',
        deviceName: "ann's phone",
        connectedAt: at,
      },
    ],
    letters: [
      { is: 'dead letter', id: '1-0', at, kind: 'message', reason: 'expired', message },
      {
        is: 'dead letter',
        id: '2-0',
        at,
        kind: 'event',
        reason: '12 attempts: answered 500',
        event: { type: 'message.offline', user: 'ann' },
        listener: 'push',
      },
    ],
    more: false,
  })
  expect(lines).toEqual([
    'Conversations of ann:',
    '  with          unread  last                            id',
    '  bob (pinned)  12      2026-01-02 03:04:05  ann: "hi"  dm:ann:bob',
    '  Tea (owner)   0       -                               chat:r1',
    '',
    'Sessions of ann:',
    '  device       node    since                client',
    "  ann's phone  node-1  2026-01-02 03:04:05  c1",
    '',
    'Dead letters about ann:',
    '  id   since                what                      why',
    '  1-0  2026-01-02 03:04:05  message ann -> bob "hi"   expired',
    '  2-0  2026-01-02 03:04:05  message.offline for push  12 attempts: answered 500',
    '',
    'Retry one: npx skein chat --replay ID',
  ])
})

it('reports empty sections and truncated lists', () => {
  const nothing = { conversations: [], sessions: [], letters: [] }
  expect(report({ user: undefined, ...nothing, more: false })).toEqual(['Dead letters: none'])
  expect(report({ user: 'ann', ...nothing, more: true }).join('\n')).toMatch(
    /^Conversations of ann: none\n\nSessions of ann: none\n\nDead letters about ann: none\n\nMore rows exist/,
  )
  expect(replayed({ is: 'replay', id: '1-0', replayed: false })).toBe('dead letter 1-0 does not exist')
})

it('escapes line ends, escape sequences and bidirectional marks of users, and bounds the length', () => {
  const body = `a\nb\u001b[31m\u202e${'x'.repeat(200)}`
  const letters = [
    { is: 'dead letter', id: '1-0', at, kind: 'message', reason: 'r', message: { ...message, body } },
  ] as const
  const text = report({ user: undefined, conversations: [], sessions: [], letters, more: false })[2] ?? ''
  expect(text).toContain('"a\\nb\\u001b[31m\\u202exxx')
  expect(text.length).toBeLessThan(160)
  const session = {
    is: 'session',
    client: 'c',
    node: 'n',
    deviceName: 'a\u001b]0;b\u0007',
    connectedAt: at,
  } as const
  const lines = report({ user: 'u', conversations: [], sessions: [session], letters: [], more: false })
  expect(lines.join('')).toContain('a\\u001b]0;b\\u0007')
})
