import { expect, test, vi } from 'vitest'
import { startClient } from '../testing/start-client.ts'

const RECOVERED = { recovering: true, recovered: true }

const LIVE = { recovering: false, recovered: false }

test('people are watched while they are observed, unknown while offline, and updated after a reconnect', async () => {
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

test('people beyond the limit wait until another is no longer observed', async () => {
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
