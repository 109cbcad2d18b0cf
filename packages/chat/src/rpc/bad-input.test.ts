import { TestClient } from '@skein/core/testing'
import { describe, expect, test } from 'vitest'
import { startWorld } from '../testing/world.ts'

describe('a message', () => {
  test.each([
    ['empty', '', { code: 410, message: /^empty: / }],
    ['of spaces', ' \n\t ', { code: 410, message: /^empty: / }],
    ['too long', 'x'.repeat(4001), { code: 411, message: /^too_long: 4001 / }],
    ['with a NUL', 'a\u0000b', { code: 412, message: /^bad_body: / }],
    ['with an escape', 'a\u001bb', { code: 412, message: /^bad_body: / }],
    ['with half a surrogate pair', 'a\ud800', { code: 412, message: /^bad_body: / }],
  ])('%s is refused', async (_, body, error) => {
    const world = await startWorld()
    const ann = await world.person('ann')
    await expect(ann.send({ user: 'bob' }, body)).rejects.toMatchObject(error)
  })

  test('has its length counted in characters, not in UTF-16 units or bytes', async () => {
    const world = await startWorld()
    const ann = await world.person('ann')
    await ann.send({ user: 'bob' }, '你'.repeat(4000))
    await ann.send({ user: 'bob' }, '👍'.repeat(4000))
  })

  test('keeps its text unchanged when it looks like markup or code', async () => {
    const world = await startWorld()
    const ann = await world.person('ann')
    const bob = await world.person('bob', 1)
    const body = '<script>alert(1)</script> "\\ \u2028 {{x}} \r\n \u202eabc'
    await ann.send({ user: 'bob' }, body)
    expect(await bob.bodies()).toEqual([body.replace('\r\n', '\n')])
  })

  test.each(['', ' a', 'a\u202eb', 'x'.repeat(65), '你'.repeat(14)])(
    'to the user %j is rejected',
    async (user) => {
      const world = await startWorld()
      const ann = await world.person('ann')
      await expect(ann.send({ user }, 'x')).rejects.toMatchObject({
        code: user === '' || user.length > 64 ? 400 : 414,
      })
    },
  )
})

describe('a call', () => {
  const calls: [string, string | undefined, object][] = [
    ['chat.send', '[]', { code: 400, message: /^bad_request: / }],
    ['chat.send', undefined, { code: 400, message: /^bad_request: / }],
    ['chat.send', '{"to":{"user":"a"},"clientId":"x","body":"y","extra":1}', { code: 400 }],
    ['chat.send', '{"to":{"user":"a","room":"b"},"clientId":"x","body":"y"}', { code: 400 }],
    ['chat.send', '{"to":{"user":"a"},"clientId":"a b","body":"y"}', { code: 400 }],
    ['chat.history', '{"conversation":"dm:a:b","limit":0}', { code: 400, message: /limit/ }],
    ['chat.read', '{"conversation":"dm:a:b","offset":-1}', { code: 400, message: /offset/ }],
    ['chat.send', `"${'x'.repeat(70_000)}"`, { code: 411, message: /^too_long: the request has/ }],
    ['chat.dance', '{}', { code: 104 }],
    ['dance', '{}', { code: 108 }],
  ]
  test.each(calls)('%s with %.40s is rejected', async (method, data, error) => {
    const world = await startWorld()
    const ann = await world.person('ann')
    const call = ann.client.call('rpc', { method, ...(data !== undefined && { data }) })
    await expect(call).rejects.toMatchObject(error)
    expect(world.errors).toEqual([])
  })

  test('with bytes that are not JSON is rejected', async () => {
    const world = await startWorld()
    const client = new TestClient(world.node(0), { credentials: { user: 'ann' }, encoding: 'protobuf' })
    await client.connect()
    const data = new TextEncoder().encode('{"to"')
    const refused = { code: 400, message: 'bad_request: the request is not JSON' }
    await expect(client.call('rpc', { method: 'chat.send', data })).rejects.toMatchObject(refused)
  })

  test('above the cluster-wide rate is rejected with the time to wait', async () => {
    const world = await startWorld({ limits: { sendBurst: 2, sendPerSecond: 1 } })
    const ann = await world.person('ann', 0)
    const desk = await world.person('ann', 1)
    await ann.send({ user: 'bob' }, '1')
    await desk.send({ user: 'bob' }, '2')
    await expect(desk.send({ user: 'bob' }, '3')).rejects.toMatchObject({
      code: 470,
      temporary: true,
      message: 'rate_limited: try again in 1000 ms',
    })
    await world.clock.advance(1000)
    await desk.send({ user: 'bob' }, '3')
  })

  test('above the rate of its connection is rejected', async () => {
    const world = await startWorld({ limits: { callBurst: 2, callsPerSecond: 1 } })
    const ann = await world.person('ann')
    await ann.call('conversations')
    await ann.call('conversations')
    await expect(ann.call('conversations')).rejects.toMatchObject({ code: 470 })
  })

  test.each(['chat:@everyone', 'dm:ann:bob', 'people:bob'])(
    'publish into %s is rejected',
    async (channel) => {
      const world = await startWorld()
      const ann = await world.person('ann')
      await expect(ann.client.call('publish', { channel, data: '{}' })).rejects.toMatchObject({ code: 103 })
    },
  )
})

describe('a user', () => {
  test.each(['a\u202eb', 'a\u200bb', 'a\u0007', 'x'.repeat(65)])(
    'with the id %j is rejected',
    async (user) => {
      const world = await startWorld()
      const client = new TestClient(world.node(0), { credentials: { user } })
      await expect(client.connect({ data: '{"device":"phone"}' })).rejects.toMatchObject({
        code: 414,
        message: /^bad_name: /,
      })
    },
  )

  test.each(['ad\u202emin', 'a\u200bb', 'a\u0000', ''])(
    'with the display name %j is refused',
    async (name) => {
      const world = await startWorld()
      const info = JSON.stringify({ name })
      const client = new TestClient(world.node(0), { credentials: { user: 'ann', info } })
      const refused = { code: 414, message: /^bad_name: / }
      await expect(client.connect({ data: '{"device":"phone"}' })).rejects.toMatchObject(refused)
      // A connection that names no device is rejected at its first chat call.
      const plain = new TestClient(world.node(0), { credentials: { user: 'ann', info } })
      await plain.connect()
      await expect(plain.call('rpc', { method: 'chat.devices' })).rejects.toMatchObject(refused)
    },
  )
})

test('broadcasts need permission and reach everybody', async () => {
  const world = await startWorld({ mayBroadcast: (user) => user === 'boss' })
  const boss = await world.person('boss', 0)
  const ann = await world.person('ann', 1)
  await ann.subscribe('chat:@everyone')
  const refused = { code: 404, message: /^not_allowed: / }
  await expect(ann.send({ everyone: true }, 'x')).rejects.toMatchObject(refused)
  await boss.send({ everyone: true }, 'hear hear')
  await world.nodes[1]?.chat.announce('everyone', 'from the house')
  expect(await ann.bodies()).toEqual(['hear hear', 'from the house'])
  expect(await ann.conversation('chat:@everyone')).toMatchObject({ type: 'broadcast', unread: 1 })
  const { conversations } = await ann.call<{ conversations: { id: string }[] }>('conversations')
  expect(conversations.map(({ id }) => id)).toEqual(['chat:@everyone'])
})

test('channels outside chat belong to the application', async () => {
  const world = await startWorld()
  const ann = await world.person('ann')
  await ann.subscribe('room:x')
  await ann.client.call('publish', { channel: 'room:x', data: '{"event":"none"}' })
  expect(await ann.heard()).toMatchObject([{ channel: 'room:x', offset: 0 }])
})
