import { ERROR } from '@skein/protocol'
import { describe, expect, test } from 'vitest'
import { connected, TestClient } from '../testing/client.ts'
import { settle } from '../testing/clock.ts'
import { CHANNELS, startNodes } from '../testing/nodes.ts'

const PERSONAL = { channels: { ...CHANNELS, personal: { historySize: 10, historyTtl: 60, recovery: true } } }

const of = (channel: string) => ({ user: 'alice', channels: { [channel]: {} } })

describe('the personal channel of another user', () => {
  test('in the credentials closes the connection with 3500, and leaves nothing behind', async () => {
    const { node, bus } = await startNodes(PERSONAL)
    await expect(new TestClient(node, { credentials: of('#bob') }).connect()).rejects.toMatchObject({
      code: 3500,
    })
    await settle()
    expect(bus.size).toMatchObject({ sessions: 0, presence: 0 })
  })

  test("among a hook's channels closes the connection with 3507", async () => {
    const { node } = await startNodes({
      ...PERSONAL,
      hooks: { onConnect: () => ({ channels: { '#bob': {} } }) },
    })
    const client = new TestClient(node, { credentials: { user: 'alice' } })
    await expect(client.connect()).rejects.toMatchObject({ code: 3507 })
  })

  test('is refused to the API with 103, and to an order that another node sends', async () => {
    const { node, bus, clock } = await startNodes(PERSONAL)
    const alice = await connected(node, 'alice')
    const errors: unknown[] = []
    node.events.on('internalError', ({ error }) => errors.push(error))
    await expect(node.subscribe({ user: 'alice' }, '#bob')).rejects.toMatchObject({
      wire: { code: ERROR.permissionDenied.code },
    })
    bus.control({ op: 'subscribe', user: 'alice', channel: '#bob', options: {} })
    await clock.advance(1)
    expect(errors).toHaveLength(1)
    expect(node.stats().subs).toBe(1)
    expect(alice.pushes).toEqual([])
  })
})

test("a user's own personal channel in the token is subscribed once", async () => {
  const { node } = await startNodes(PERSONAL)
  const alice = new TestClient(node, { credentials: of('#alice') })
  expect(Object.keys((await alice.connect()).subs ?? {})).toEqual(['#alice'])
})
