import { expect, onTestFinished, test, vi } from 'vitest'
import { CentrifugeTransport } from './centrifuge-transport.ts'

/** A server that accepts the tokens of `valid`, as a WebSocket of its client. */
function server(valid: Set<string>) {
  const sockets: FakeSocket[] = []
  const tokens: string[] = []
  class FakeSocket {
    readyState = 1
    binaryType = 'blob'
    onopen?: () => void
    onmessage?: (event: { data: string }) => void
    onclose?: (event: { code: number; reason: string }) => void
    onerror?: () => void

    constructor() {
      sockets.push(this)
      queueMicrotask(() => this.onopen?.())
    }

    send(text: string): void {
      const { id, connect } = JSON.parse(text) as { id: number; connect?: { token: string } }
      if (connect === undefined) return
      tokens.push(connect.token)
      const reply = { id, connect: { client: 'c', version: '0' } }
      queueMicrotask(() => {
        if (valid.has(connect.token)) this.onmessage?.({ data: JSON.stringify(reply) })
        else this.end(3500, 'invalid token: invalid signature')
      })
    }

    close(): void {
      this.readyState = 3
    }

    end(code: number, reason: string): void {
      this.readyState = 3
      this.onclose?.({ code, reason })
    }
  }
  return { FakeSocket, tokens, last: () => sockets.at(-1) }
}

function start(valid: Set<string>) {
  const { FakeSocket, tokens, last } = server(valid)
  let issued = 0
  const transport = new CentrifugeTransport({
    url: 'ws://test.invalid',
    getToken: async () => `token ${++issued}`,
    device: 'd',
    deviceName: '',
    sdk: { websocket: FakeSocket, minReconnectDelay: 1, maxReconnectDelay: 2 },
  })
  const states: string[] = []
  transport.listen({
    connecting: (again) => states.push(again ? 'reconnecting' : 'connecting'),
    connected: () => states.push('connected'),
    disconnected: (code, reason) => states.push(`${code} ${reason}`),
    subscribed: () => undefined,
    unsubscribed: () => undefined,
    publication: () => undefined,
  })
  onTestFinished(() => transport.disconnect())
  transport.connect()
  return { transport, states, tokens, restart: () => last()?.end(3001, 'shutdown') }
}

test('connects with a new token when a restarted cluster rejects the old one', async () => {
  const valid = new Set(['token 1'])
  const { states, tokens, restart } = start(valid)
  await vi.waitFor(() => expect(states.at(-1)).toBe('connected'))
  valid.clear()
  valid.add('token 2')
  restart()
  await vi.waitFor(() => expect(states.filter((state) => state === 'connected')).toHaveLength(2))
  expect(tokens).toEqual(['token 1', 'token 1', 'token 2'])
  expect(states.join()).not.toContain('3500')
})

test('ends when the new token is rejected as well', async () => {
  const valid = new Set(['token 1'])
  const { states, tokens, restart } = start(valid)
  await vi.waitFor(() => expect(states.at(-1)).toBe('connected'))
  valid.clear()
  restart()
  await vi.waitFor(() => expect(states.at(-1)).toBe('3500 invalid token: invalid signature'))
  expect(tokens).toEqual(['token 1', 'token 1', 'token 2'])
})

test('ends when the first token is rejected', async () => {
  const { states, tokens } = start(new Set())
  await vi.waitFor(() => expect(states.at(-1)).toBe('3500 invalid token: invalid signature'))
  expect(tokens).toEqual(['token 1'])
})
