import { describe, expect, test, vi } from 'vitest'
import { startClient } from '../testing/start-client.ts'
import { said, view } from '../testing/views.ts'

const DM = 'dm:ada:bob'
const RECOVERED = { recovering: true, recovered: true }

describe('receipts', () => {
  test('of several positions become one call, repeated after a lost connection', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { transport } = await startClient([view({ id: DM, with: 'bob' })])
    for (const offset of [1, 2, 3]) await transport.push('#ada', said(DM, offset), offset)
    await vi.advanceTimersByTimeAsync(1000)
    await transport.down()
    await transport.up(RECOVERED)
    await vi.advanceTimersByTimeAsync(1000)
    await transport.answer('chat.delivered', { offset: 3 })
    const reported = transport.made
      .filter(({ method }) => method === 'chat.delivered')
      .map(({ request }) => request)
    expect(reported).toEqual([
      { conversation: DM, offset: 3 },
      { conversation: DM, offset: 3 },
    ])
    vi.useRealTimers()
  })
})
