import { describe, expect, test } from 'vitest'
import { directChannel } from '../conversation/conversation.ts'
import { startWorld } from '../testing/world.ts'

const LOG = directChannel('ann', 'bob')

describe('a direct message', () => {
  test('reaches every device of both users once, across nodes', async () => {
    const world = await startWorld()
    const ann = await world.person('ann', 0, 'phone')
    const desk = await world.person('ann', 1, 'desk')
    const bob = await world.person('bob', 1, 'phone')
    const reply = await ann.send({ user: 'bob' }, 'hello')
    expect(reply).toMatchObject({ conversation: LOG, offset: 1, duplicate: false })
    for (const device of [ann, desk, bob]) expect(await device.bodies()).toEqual(['hello'])
    const [event] = await bob.events('message')
    expect(event).toMatchObject({
      conversation: LOG,
      offset: 1,
      message: { id: reply.id, type: 'private', from: 'ann', to: 'bob', body: 'hello' },
    })
    expect(world.errors).toEqual([])
  })

  test('reaches no other user', async () => {
    const world = await startWorld()
    const ann = await world.person('ann')
    const eve = await world.person('eve', 1)
    await ann.send({ user: 'bob' }, 'secret')
    await ann.send({ user: 'eve' }, 'barrier')
    expect(await eve.bodies()).toEqual(['barrier'])
    await expect(eve.history(LOG)).rejects.toMatchObject({ code: 403, message: /^not_member: / })
    await expect(eve.subscribe(LOG)).rejects.toMatchObject({ code: 103 })
  })

  test('to an offline user arrives once, in order, at the next connect', async () => {
    const world = await startWorld()
    const ann = await world.person('ann')
    const bob = await world.person('bob', 1)
    bob.cut()
    for (const body of ['one', 'two', 'three']) await ann.send({ user: 'bob' }, body)
    await bob.reconnect(world.node(0))
    await ann.send({ user: 'bob' }, 'four')
    expect(await bob.bodies()).toEqual(['one', 'two', 'three', 'four'])
    expect(bob.recovered).toBe(true)
  })

  test('is recovered by a device that starts with a stored position', async () => {
    const world = await startWorld()
    const ann = await world.person('ann')
    const bob = await world.person('bob', 1)
    const { top } = await bob.call<{ top: object }>('inbox', { since: { offset: 0, epoch: '' } })
    for (const body of ['one', 'two']) await ann.send({ user: 'bob' }, body)
    const page = await bob.call<{ events: { event: { message: { body: string } } }[] }>('inbox', {
      since: top,
    })
    expect(page).toMatchObject({ recovered: true, top: { offset: 2 } })
    expect(page.events.map(({ event }) => event.message.body)).toEqual(['one', 'two'])
    const other = { offset: 0, epoch: 'another' }
    expect(await bob.call('inbox', { since: other })).toMatchObject({ recovered: false, events: [] })
  })

  test('repeated with the same clientId is one message, also from another node or device', async () => {
    const world = await startWorld()
    const ann = await world.person('ann', 0)
    const again = await world.person('ann', 1)
    const bob = await world.person('bob', 1)
    const first = await ann.send({ user: 'bob' }, 'hello', { clientId: 'x' })
    const second = await again.send({ user: 'bob' }, 'hello', { clientId: 'x' })
    expect(second).toEqual({ ...first, duplicate: true })
    expect(await bob.bodies()).toEqual(['hello'])
    expect(await bob.history(LOG)).toHaveLength(1)
  })

  test('repeated after the broker’s key expired is still one message', async () => {
    const world = await startWorld()
    const ann = await world.person('ann', 0)
    const first = await ann.send({ user: 'bob' }, 'hello', { clientId: 'x' })
    await world.clock.advance(600_000)
    const late = await world.person('ann', 1)
    expect(await late.send({ user: 'bob' }, 'hello', { clientId: 'x' })).toEqual({
      ...first,
      duplicate: true,
    })
    expect(await late.history(LOG)).toHaveLength(1)
  })

  test('repeated at the same moment on two nodes is one message', async () => {
    const world = await startWorld()
    const ann = await world.person('ann', 0)
    const again = await world.person('ann', 1)
    const bob = await world.person('bob', 1)
    const [a, b] = await Promise.all([
      ann.send({ user: 'bob' }, 'hello', { clientId: 'x' }),
      again.send({ user: 'bob' }, 'hello', { clientId: 'x' }),
    ])
    expect(b).toMatchObject({ id: a.id, offset: a.offset })
    expect(await bob.bodies()).toEqual(['hello'])
  })

  test('with the same clientId from two users is two messages', async () => {
    const world = await startWorld()
    const ann = await world.person('ann')
    const bob = await world.person('bob')
    await ann.send({ user: 'bob' }, 'from ann', { clientId: 'x' })
    await bob.send({ user: 'ann' }, 'from bob', { clientId: 'x' })
    expect((await ann.history(LOG)).map(({ body }) => body)).toEqual(['from ann', 'from bob'])
  })

  test('to oneself arrives as a note', async () => {
    const world = await startWorld()
    const ann = await world.person('ann', 0)
    const desk = await world.person('ann', 1)
    await ann.send({ user: 'ann' }, 'buy milk')
    expect(await desk.bodies()).toEqual(['buy milk'])
    expect(await desk.conversation(directChannel('ann', 'ann'))).toMatchObject({ with: 'ann', unread: 0 })
  })

  test('can reply to a message of the same conversation only', async () => {
    const world = await startWorld()
    const ann = await world.person('ann')
    const { id, offset } = await ann.send({ user: 'bob' }, 'one')
    await ann.send({ user: 'bob' }, 'two', { replyTo: { id, offset } })
    expect((await ann.history(LOG))[1]).toMatchObject({ replyTo: { id, offset } })
    const other = await ann.send({ user: 'cy' }, 'elsewhere')
    const elsewhere = { id: other.id, offset: other.offset }
    await expect(ann.send({ user: 'bob' }, 'three', { replyTo: elsewhere })).rejects.toMatchObject({
      code: 420,
    })
  })
})

test('quoted messages are read in one call, as they read now, without those that are gone', async () => {
  const world = await startWorld()
  const ann = await world.person('ann')
  const bob = await world.person('bob', 1)
  const [one, two] = [await ann.send({ user: 'bob' }, 'one'), await ann.send({ user: 'bob' }, 'two')]
  await ann.edit(LOG, { id: one.id, offset: one.offset }, 'changed')
  await bob.delete(LOG, { id: two.id, offset: two.offset }, 'me')
  const targets = [one, two, { id: 'other', offset: 9 }].map(({ id, offset }) => ({ id, offset }))
  expect(await bob.call('messages', { conversation: LOG, targets })).toMatchObject({
    items: [{ id: one.id, offset: one.offset, body: 'changed' }],
  })
  const eve = await world.person('eve')
  await expect(eve.call('messages', { conversation: LOG, targets })).rejects.toMatchObject({ code: 403 })
})

describe('names of conversations', () => {
  test.each(['#ann', 'a:b', '100%', 'x/y?z', '{tag}', '小明', 'Anna é'])(
    'a user called %s can be written to',
    async (user) => {
      const world = await startWorld()
      const ann = await world.person('ann')
      const other = await world.person(user, 1)
      const { conversation } = await ann.send({ user }, 'hello')
      expect(await other.bodies()).toEqual(['hello'])
      expect(await other.history(conversation)).toMatchObject([{ from: 'ann', to: user }])
    },
  )
})
