import { describe, expect, test, vi } from 'vitest'
import { turn } from '../testing/scripted-transport.ts'
import { newClient, startClient } from '../testing/start-client.ts'
import { item, said, view } from '../testing/views.ts'
import { memoryStorage } from '../util/storage.ts'

const DM = 'dm:ada:bob'
const RECOVERED = { recovering: true, recovered: true }
const reply = (offset: number) => ({
  conversation: DM,
  id: `id-${offset}`,
  timestamp: 5,
  offset,
  epoch: 'e',
  duplicate: false,
})

describe('sending', () => {
  test('is shown at once, and passes through sending, sent, delivered and read', async () => {
    const { client, transport } = await startClient([view({ id: DM, with: 'bob' })])
    const conversation = client.conversation(DM)
    const seen: unknown[] = []
    const record = () => seen.push(conversation.timeline.get().messages.at(-1)?.status)
    conversation.send('hello')
    record()
    await transport.answer('chat.send', reply(1))
    record()
    const clientId = conversation.timeline.get().messages[0]?.item.clientId ?? ''
    const keyBefore = conversation.timeline.get().messages[0]?.key
    conversation.open()
    await transport.answer('chat.history', {
      items: [item(1, { from: 'ada', clientId })],
      top: { offset: 1, epoch: 'e' },
    })
    for (const event of ['delivered', 'read']) {
      await transport.push('#ada', { event, conversation: DM, user: 'bob', offset: 1, at: 1 }, 1)
      record()
    }
    expect(seen).toEqual(['sending', 'sent', 'delivered', 'read'])
    expect(conversation.timeline.get().messages.map(({ key }) => key)).toEqual([keyBefore])
  })

  test('is sequential within a conversation and parallel across conversations', async () => {
    const { client, transport } = await startClient([])
    client.direct('bob').send('one')
    client.direct('bob').send('two')
    client.direct('eve').send('three')
    await turn()
    const bodies = () => transport.held.flatMap(({ request }) => ('body' in request ? [request.body] : []))
    expect(bodies()).toEqual(['one', 'three'])
    await transport.answer('chat.send', reply(1))
    expect(bodies()).toEqual(['three', 'two'])
  })

  test('waits for the connection, survives the page, and repeats with the same id', async () => {
    const storage = memoryStorage()
    const before = newClient(storage)
    before.client.direct('bob').send('written offline')
    expect(before.client.direct('bob').timeline.get().messages[0]?.status).toBe('queued')
    const { client, transport } = newClient(storage)
    client.connect()
    await transport.up()
    await transport.down()
    await transport.up(RECOVERED)
    const sent = transport.made.filter(({ method }) => method === 'chat.send').map(({ request }) => request)
    expect(sent).toHaveLength(2)
    expect(sent[0]).toEqual(sent[1])
    await transport.answer('chat.send', reply(1))
    expect(client.unsent.get()).toBe(0)
    await transport.down()
    await transport.up(RECOVERED)
    expect(transport.holds('chat.send')).toBe(false)
  })

  test('skips a message that another tab has sent, removed, or failed to send', async () => {
    const storage = memoryStorage()
    const one = newClient(storage)
    const [sent, discarded, failed] = ['sent', 'discarded', 'failed'].map((body) =>
      one.client.direct('bob').send(body),
    )
    const other = newClient(storage)
    other.client.connect()
    await other.transport.up()
    other.client.direct('bob').discard(discarded ?? '')
    await other.transport.answer('chat.send', reply(1))
    await other.transport.refuse('chat.send', { code: 403, message: 'muted: no' })
    one.client.connect()
    await one.transport.up()
    expect(one.transport.holds('chat.send')).toBe(false)
    expect(one.client.unsent.get()).toBe(1)
    const { messages } = one.client.direct('bob').timeline.get()
    expect(messages.map(({ item: { clientId }, status }) => [clientId, status])).toEqual([[failed, 'failed']])
    expect(sent).not.toBe(failed)
  })

  test('ends when the log has the message, even without a reply', async () => {
    const { client, transport } = await startClient([])
    const clientId = client.direct('bob').send('hello')
    await transport.down()
    await transport.up(RECOVERED, [said(DM, 1, { from: 'ada', to: 'bob', body: 'hello', clientId })])
    expect(transport.holds('chat.send')).toBe(false)
    expect(client.unsent.get()).toBe(0)
  })

  test('that is rejected fails with the reason, does not block the next message, and can be retried or removed', async () => {
    const { client, transport } = await startClient([])
    const conversation = client.direct('bob')
    const first = conversation.send('bad')
    const second = conversation.send('good')
    await transport.refuse('chat.send', { code: 412, message: 'bad_body: no' })
    await transport.answer('chat.send', reply(1))
    const [failed] = conversation.timeline.get().messages.filter(({ status }) => status === 'failed')
    expect(failed).toMatchObject({ item: { clientId: first }, failure: { reason: 'bad_body' } })
    conversation.retry(first)
    await transport.refuse('chat.send', { code: 412, message: 'bad_body: no' })
    conversation.discard(first)
    expect(conversation.timeline.get().messages.map(({ item }) => item.clientId)).toEqual([second])
  })

  test('above the rate is retried with back-off', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { client, transport } = await startClient([])
    client.direct('bob').send('hello')
    for (const wait of [1000, 2000, 4000]) {
      await transport.refuse('chat.send', { code: 470, message: 'rate_limited: slow', temporary: true })
      await vi.advanceTimersByTimeAsync(wait - 1)
      expect(transport.holds('chat.send')).toBe(false)
      await vi.advanceTimersByTimeAsync(1)
    }
    await transport.answer('chat.send', reply(1))
    expect(client.unsent.get()).toBe(0)
    vi.useRealTimers()
  })

  test('does not repeat a message that the server would no longer recognise', async () => {
    const storage = memoryStorage()
    let now = 0
    const { client, transport } = newClient(storage, () => now)
    client.connect()
    await transport.up()
    client.direct('bob').send('was it sent?')
    await transport.down()
    now = 86_400_000
    await transport.up(RECOVERED)
    expect(transport.holds('chat.send')).toBe(false)
    expect(client.direct('bob').timeline.get().messages[0]?.failure?.reason).toBe('unknown_outcome')
  })
})
