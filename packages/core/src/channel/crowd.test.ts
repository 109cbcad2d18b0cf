/** Channels with more users than their namespace pushes joins and leaves for. */
import { expect, test } from 'vitest'
import { connected, type TestClient } from '../testing/client.ts'
import { startNodes } from '../testing/nodes.ts'
import { isCrowd } from './crowd.ts'

const CHANNEL = 'room:a'

async function setup(presenceLimit: number) {
  const channels = {
    namespaces: {
      room: { presence: true, joinLeave: true, subscribe: 'anyone', leaveGrace: 0, presenceLimit },
    },
  } as const
  const { node, other, clock } = await startNodes({ channels })
  const watcher = await connected(node, 'watcher')
  await watcher.call('subscribe', { channel: CHANNEL, joinLeave: true })
  const enter = async (user: string): Promise<TestClient> => {
    const client = await connected(other, user)
    await client.call('subscribe', { channel: CHANNEL })
    await clock.advance(50)
    return client
  }
  const leave = async (client: TestClient | undefined): Promise<void> => {
    await client?.call('unsubscribe', { channel: CHANNEL })
    await clock.advance(50)
  }
  const announced = (): string[] =>
    watcher.pushes.flatMap((push) =>
      push.kind === 'join' || push.kind === 'leave' ? [`${push.kind} ${push.info.user}`] : [],
    )
  return { node, watcher, enter, leave, announced }
}

test('above the limit joins and leaves are not pushed until a tenth of the users has left', async () => {
  const { node, enter, leave, announced } = await setup(10)
  const overflows: unknown[] = []
  node.events.on('overflow', (event) => overflows.push(event))
  const clients: TestClient[] = []
  for (let n = 1; n <= 11; n++) clients.push(await enter(`u${n}`))
  const joins = Array.from({ length: 9 }, (_, n) => `join u${n + 1}`)
  expect(announced()).toEqual(['join watcher', ...joins])
  expect(overflows).toEqual([{ queue: 'joinLeave', policy: 'counts', channel: CHANNEL }])
  for (const client of clients.slice(0, 2)) await leave(client)
  expect(announced()).toHaveLength(10)
  await leave(clients[2])
  await enter('eve')
  expect(announced().slice(10)).toEqual(['leave u3', 'join eve'])
})

test('above the limit presence is error 106 with the number of connections', async () => {
  const { node, watcher, enter } = await setup(2)
  await enter('u1')
  expect(Object.keys((await watcher.call('presence', { channel: CHANNEL })).presence)).toHaveLength(2)
  await enter('u2')
  await expect(watcher.call('presence', { channel: CHANNEL })).rejects.toMatchObject({ code: 106 })
  expect(await watcher.call('presence_stats', { channel: CHANNEL })).toEqual({ numClients: 3, numUsers: 3 })
  expect(await node.presence(CHANNEL)).toHaveLength(3)
})

test.each([
  [1000, 1000, false, false],
  [1001, 1000, false, true],
  [901, 1000, true, true],
  [900, 1000, true, false],
  [1_000_000, 0, true, false],
])('%d users, limit %d, crowded before: %s, now: %s', (users, limit, was, now) => {
  expect(isCrowd(users, limit, was)).toBe(now)
})
