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

test('warns with the names of namespaces that require replicas if there is none', async () => {
  for (const redis of [undefined, { replicas: async () => 0 }]) {
    const text = await said(REPLICATED, redis)
    expect(text).toMatch(/orders.*cannot be kept/)
    expect(text).not.toContain('room')
  }
})

test('logs nothing if there is a replica, or no namespace requires one', async () => {
  expect(await said(REPLICATED, { replicas: async () => 1 })).toBe('')
  expect(await said({ namespaces: { room: {} } })).toBe('')
})

test('warns that the replicas are unknown if Redis is out of reach', async () => {
  const away = { replicas: () => Promise.reject(new Error('away')) }
  expect(await said(REPLICATED, away)).toContain('not known yet')
})
