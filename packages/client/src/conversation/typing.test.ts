import { describe, expect, test, vi } from 'vitest'
import { startClient } from '../testing/start-client.ts'
import { said, view } from '../testing/views.ts'

const DM = 'dm:ada:bob'

describe('typing', () => {
  test('of other users ends by expiry, by their message, and with the connection', async () => {
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

  test('of this user is sent at a limited rate and withdrawn once', async () => {
    const { client, transport } = await startClient([view({ id: DM, with: 'bob' })])
    const conversation = client.conversation(DM)
    for (const active of [true, true, false, false]) conversation.typing(active)
    const notices = transport.made
      .filter(({ method }) => method === 'chat.typing')
      .map(({ request }) => request)
    expect(notices).toEqual([
      { conversation: DM, active: true },
      { conversation: DM, active: false },
    ])
  })
})
