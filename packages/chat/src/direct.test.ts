import { describe, expect, test } from 'vitest'
import { directChannel } from './conversation.ts'
import { startWorld } from './testing/world.ts'

const fail = (): never => {
  throw new Error('missing')
}
const LOG = directChannel('ann', 'bob')

describe('a message from one to one', () => {
  test('reaches every device of both sides over nodes, once', async () => {
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

  test('is heard by nobody else', async () => {
    const world = await startWorld()
    const ann = await world.person('ann')
    const eve = await world.person('eve', 1)
    await ann.send({ user: 'bob' }, 'secret')
    await ann.send({ user: 'eve' }, 'barrier')
    expect(await eve.bodies()).toEqual(['barrier'])
    await expect(eve.history(LOG)).rejects.toMatchObject({ code: 403, message: /^not_member: / })
    await expect(eve.subscribe(LOG)).rejects.toMatchObject({ code: 103 })
  })

  test('waits for who is offline, and comes once, in order, on the next connect', async () => {
    const world = await startWorld()
    const ann = await world.person('ann')
    const bob = await world.person('bob', 1)
    bob.cut()
    for (const body of ['one', 'two', 'three']) await ann.send({ user: 'bob' }, body)
    await bob.reconnect(world.nodes[0]?.node ?? fail())
    await ann.send({ user: 'bob' }, 'four')
    expect(await bob.bodies()).toEqual(['one', 'two', 'three', 'four'])
    expect(bob.recovered).toBe(true)
  })
})
