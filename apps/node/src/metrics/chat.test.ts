/** Metrics of chat at /metrics of a node with real clients and listeners. */
import type { Listener } from '@skein/chat'
import { expect, it } from 'vitest'
import { openSocket, startTestNode, type TestNode } from '../testing/node.ts'
import { groupOf } from './chat.ts'

const backoff = { timeout: 1000, first: 1, most: 1, attempts: 2 }

function listener(name: string, deliver: Listener['deliver']): Listener {
  return { name, backoff, breaker: { failures: 1, rest: 3_600_000 }, deliver }
}

async function scrape(node: TestNode): Promise<string[]> {
  const text = await (await fetch(`${node.internalUrl}/metrics`)).text()
  return text.split('\n').filter((line) => line.startsWith('skein_chat_'))
}

it('counts calls, events and stored messages, and shows the state of listeners', async () => {
  const taken = listener('well', async () => undefined)
  const refused = listener('broken', async () => {
    throw new Error('not now')
  })
  const node = await startTestNode({ chat: { listeners: [taken, refused] } })
  await node.chat?.settle() // the groups are open
  const { ws, next, send } = await openSocket(node.wsUrl)
  send({ id: 1, connect: { token: node.token({ user: 'ann' }) } })
  await next()
  const message = { to: { user: 'bob' }, clientId: 'c1', body: 'are you there' }
  const calls = [
    ['chat.send', message],
    ['chat.send', message], // again: nothing new is published or stored
    ['chat.send', { ...message, clientId: 'c2', body: '' }],
    ['chat.room.create', { name: 'Tea', visibility: 'public', clientId: 'r1' }],
    ['chat.of my own', {}],
  ] as const
  for (const [at, [method, data]] of calls.entries()) {
    send({ id: at + 2, rpc: { method, data } })
    for (let reply = await next(); (reply as { id?: number }).id !== at + 2; ) reply = await next()
  }
  await node.chat?.settle()
  const lines = await scrape(node)
  expect(lines).toEqual(
    expect.arrayContaining([
      'skein_chat_calls_total{method="chat.send",outcome="ok"} 2',
      'skein_chat_calls_total{method="chat.send",outcome="empty"} 1',
      'skein_chat_calls_total{method="unknown",outcome="refused"} 1',
      'skein_chat_call_seconds_count{group="send"} 3',
      'skein_chat_call_seconds_count{group="rooms"} 1',
      'skein_chat_events_total{event="message",place="inbox"} 2', // both sides
      'skein_chat_offline_messages_total 1',
      'skein_chat_listener_attempts_total{listener="well",outcome="taken",repeated="false"} 3',
      'skein_chat_listener_open{listener="well"} 0',
      'skein_chat_listener_open{listener="broken"} 1',
      'skein_chat_listener_waiting{listener="well"} 0',
      'skein_chat_listener_pending{listener="well"} 0',
    ]),
  )
  expect(lines.join('\n')).not.toContain('of my own')
  ws.close()
})

it('counts retried deliveries and the dead letter', async () => {
  const refused = listener('broken', async () => {
    throw new Error('not now')
  })
  const patient = { ...refused, breaker: { failures: 100, rest: 1 }, backoff: { ...backoff, timeout: 1 } }
  const node = await startTestNode({ chat: { listeners: [patient] } })
  await node.chat?.settle()
  await node.chat?.send('ann', { to: { user: 'bob' }, clientId: 'c1', body: 'x' })
  await expect
    .poll(() => scrape(node), { timeout: 10_000 })
    .toContain('skein_chat_dead_letters_total{reason="not_taken"} 1')
  expect(await scrape(node)).toEqual(
    expect.arrayContaining([
      'skein_chat_listener_attempts_total{listener="broken",outcome="failed",repeated="false"} 1',
      'skein_chat_listener_attempts_total{listener="broken",outcome="failed",repeated="true"} 1',
      'skein_chat_listener_pending{listener="broken"} 0',
    ]),
  )
})

it.each([
  ['chat.send', 'send'],
  ['chat.rooms', 'rooms'],
  ['chat.room.members', 'rooms'],
  ['chat.devices.signout', 'people'],
  ['unknown', 'unknown'],
])('durations of %s are in group %s', (method, group) => {
  expect(groupOf(method)).toBe(group)
})
