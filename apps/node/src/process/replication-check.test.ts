import { pino } from 'pino'
import { expect, test } from 'vitest'
import { checkReplication } from './replication-check.ts'

const REPLICATED = { namespaces: { orders: { durability: 'replicated' as const }, room: {} } }

async function said(
  channels: Parameters<typeof checkReplication>[0],
  redis?: { replicas(): Promise<number> },
) {
  const lines: string[] = []
  await checkReplication(channels, redis, pino({}, { write: (line) => void lines.push(line) }))
  return lines.join('')
}

test('namespaces that ask for replicas, and none there: a warning that names them', async () => {
  for (const redis of [undefined, { replicas: async () => 0 }]) {
    const text = await said(REPLICATED, redis)
    expect(text).toMatch(/orders.*cannot be kept/)
    expect(text).not.toContain('room')
  }
})

test('nothing where there is a replica, or nobody asks for one', async () => {
  expect(await said(REPLICATED, { replicas: async () => 1 })).toBe('')
  expect(await said({ namespaces: { room: {} } })).toBe('')
})

test('Redis away: it says that it does not know', async () => {
  const away = { replicas: () => Promise.reject(new Error('away')) }
  expect(await said(REPLICATED, away)).toContain('not known yet')
})
