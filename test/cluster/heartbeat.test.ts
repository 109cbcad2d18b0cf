/** A client that answers pings stays connected; a silent one is closed with 3012. */
import {
  ENCODINGS,
  freshChannel,
  type RawClient,
  startCluster,
  type TestCluster,
  waitFor,
} from '@skein/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

let cluster: TestCluster
beforeAll(async () => {
  cluster = await startCluster({
    nodes: 1,
    env: { SKEIN_PING_INTERVAL: '400ms', SKEIN_PONG_TIMEOUT: '150ms' },
  })
})
afterAll(() => cluster.stop())

const pings = ({ messages }: RawClient) =>
  messages.all.filter((message) => message.kind === 'push' && message.push.kind === 'ping').length

/** Two kinds of the same client: pings as messages, or as WebSocket frames. */
const framePings = () => `${cluster.wsUrl()}?cf_ws_frame_ping_pong=true`

describe.each(ENCODINGS)('%s', (encoding) => {
  test('the SDK answers pings and stays connected', async () => {
    const clock = await cluster.raw({ encoding })
    await clock.request('connect', { token: cluster.token({ sub: 'clock' }) })
    const client = await cluster.client({ encoding, user: 'alice' })
    const subscription = await client.subscribe(freshChannel('room'))

    await waitFor('five pings', () => pings(clock) >= 5)
    await subscription.publish('still here')

    await subscription.publications.first(1)
    expect(client.attempts).toBe(1)
  })

  test('a missing pong: 3012, and the SDK would reconnect', async () => {
    const client = await cluster.raw({ encoding, pong: false })
    await client.request('connect', { token: cluster.token({ sub: 'alice' }) })
    expect(await client.close()).toEqual({ code: 3012, reason: 'no pong' })
  })

  test('other commands do not replace the pong', async () => {
    const client = await cluster.raw({ encoding, pong: false })
    await client.request('connect', { token: cluster.token({ sub: 'alice' }) })
    let id = 1000
    const chatter = setInterval(() => {
      client.sendCommand({ id: id++, verb: 'presence_stats', request: { channel: 'room:x' } })
    }, 50)
    try {
      expect(await client.close()).toMatchObject({ code: 3012 })
    } finally {
      clearInterval(chatter)
    }
  })

  test('WebSocket pings on request: no messages, and answered ones keep the connection', async () => {
    const client = await cluster.raw({ encoding, url: framePings() })
    let frames = 0
    client.socket.on('ping', () => {
      frames += 1
    })
    const reply = await client.request('connect', { token: cluster.token({ sub: 'alice' }) })
    expect(reply).not.toHaveProperty('result.ping')
    await waitFor('five ping frames', () => frames >= 5)
    expect(await client.request('presence_stats', { channel: 'room:x' })).toMatchObject({ verb: 'error' })
    expect(pings(client)).toBe(0)
  })

  test('unanswered WebSocket pings: 3012', async () => {
    const client = await cluster.raw({ encoding, url: framePings(), pong: false })
    await client.request('connect', { token: cluster.token({ sub: 'alice' }) })
    expect(await client.close()).toMatchObject({ code: 3012 })
  })
})
