import { describe, expect, test } from 'vitest'
import { startWorld } from '../testing/world.ts'
import { directChannel } from './conversation.ts'

const LOG = directChannel('ann', 'bob')

async function talk() {
  const world = await startWorld()
  const ann = await world.person('ann', 0)
  const bob = await world.person('bob', 1)
  const { id, offset } = await ann.send({ user: 'bob' }, 'helo')
  return { world, ann, bob, target: { id, offset } }
}

describe('an edit', () => {
  test('reaches connected readers as an event, and later readers in the history', async () => {
    const { ann, bob, target } = await talk()
    expect(await ann.edit(LOG, target, 'hello @bob')).toMatchObject({ version: 1, body: 'hello @bob' })
    expect(await bob.events('amended')).toMatchObject([
      { target, by: 'ann', offset: 2, amendment: { version: 1, body: 'hello @bob', mentions: ['bob'] } },
    ])
    expect(await bob.history(LOG)).toMatchObject([
      { id: target.id, body: 'hello @bob', version: 1, offset: 1 },
    ])
  })

  test("of another user's message is rejected", async () => {
    const { bob, target } = await talk()
    await expect(bob.edit(LOG, target, 'mine')).rejects.toMatchObject({ code: 421, message: /^not_yours: / })
  })

  test('of a missing message is rejected', async () => {
    const { ann, target } = await talk()
    const unknown = { code: 420, message: /^unknown_message: / }
    await expect(ann.edit(LOG, { ...target, offset: 9 }, 'x')).rejects.toMatchObject(unknown)
    await expect(ann.edit(LOG, { ...target, id: 'other' }, 'x')).rejects.toMatchObject(unknown)
  })

  test('overrides earlier edits, in any order of nodes', async () => {
    const { world, ann, bob, target } = await talk()
    const desk = await world.person('ann', 1)
    await ann.edit(LOG, target, 'one')
    await desk.edit(LOG, target, 'two')
    await ann.edit(LOG, target, 'three')
    const versions = (await bob.events('amended')).map(({ amendment }) => amendment.version)
    expect(versions).toEqual([1, 2, 3])
    expect(await bob.history(LOG)).toMatchObject([{ body: 'three', version: 3 }])
  })

  test('repeated with the same clientId changes nothing and cannot undo a later edit', async () => {
    const { world, ann, bob, target } = await talk()
    const desk = await world.person('ann', 1)
    const call = { conversation: LOG, target, body: 'one', clientId: 'e1' }
    await ann.call('edit', call)
    await ann.edit(LOG, target, 'two')
    expect(await desk.call('edit', call)).toMatchObject({ version: 1, body: 'one' })
    expect(await bob.history(LOG)).toMatchObject([{ body: 'two', version: 2 }])
    expect(await bob.events('amended')).toHaveLength(2)
  })
})

describe('a deletion', () => {
  test('for all keeps the message without its body', async () => {
    const { ann, bob, target } = await talk()
    await ann.delete(LOG, target, 'all')
    const [item] = await bob.history(LOG)
    expect(item).toMatchObject({ id: target.id, body: '', deletedBy: 'ann' })
    expect(JSON.stringify(await bob.conversation(LOG))).not.toContain('helo')
    await expect(ann.edit(LOG, target, 'x')).rejects.toMatchObject({ code: 422, message: /^deleted: / })
    await expect(bob.react(LOG, target, '👍')).rejects.toMatchObject({ code: 422 })
  })

  test('for me hides the message on all devices of that user only', async () => {
    const { world, ann, bob, target } = await talk()
    const desk = await world.person('bob', 0)
    await bob.delete(LOG, target, 'me')
    expect(await desk.history(LOG)).toEqual([])
    expect(await desk.events('hidden')).toMatchObject([{ conversation: LOG, target }])
    expect(await ann.events('hidden')).toEqual([])
    expect(await ann.history(LOG)).toMatchObject([{ body: 'helo' }])
    expect(await desk.conversation(LOG)).toMatchObject({ unread: 0 })
  })

  test("for all of another user's message is rejected", async () => {
    const { bob, target } = await talk()
    await expect(bob.delete(LOG, target, 'all')).rejects.toMatchObject({ code: 421 })
  })
})

describe('reactions', () => {
  test('list their users, and can be removed', async () => {
    const { ann, bob, target } = await talk()
    await ann.react(LOG, target, '👍')
    await bob.react(LOG, target, '👍')
    await bob.react(LOG, target, '❤️')
    await ann.react(LOG, target, '👍', false)
    expect(await ann.history(LOG)).toMatchObject([{ reactions: { '👍': ['bob'], '❤️': ['bob'] } }])
    const [last] = (await ann.events('amended')).slice(-1)
    expect(last?.amendment).toMatchObject({ version: 4, reactions: { '👍': ['bob'], '❤️': ['bob'] } })
  })

  test('with and without a variation selector are one reaction', async () => {
    const { ann, bob, target } = await talk()
    await ann.react(LOG, target, '❤')
    await bob.react(LOG, target, '❤️')
    expect(await ann.history(LOG)).toMatchObject([{ reactions: { '❤️': ['ann', 'bob'] } }])
  })

  test('of two users at once are both kept', async () => {
    const { ann, bob, target } = await talk()
    await Promise.all([ann.react(LOG, target, '👍'), bob.react(LOG, target, '👍')])
    const [item] = await ann.history(LOG)
    expect(item?.reactions?.['👍']?.toSorted()).toEqual(['ann', 'bob'])
  })

  test('have a limit per message', async () => {
    const world = await startWorld({ limits: { reactions: 2 } })
    const ann = await world.person('ann')
    const { id, offset } = await ann.send({ user: 'bob' }, 'x')
    await ann.react(LOG, { id, offset }, '👍')
    await ann.react(LOG, { id, offset }, '🎉')
    await expect(ann.react(LOG, { id, offset }, '🚀')).rejects.toMatchObject({
      code: 423,
      message: /^reaction_limit: /,
    })
    await ann.react(LOG, { id, offset }, '👍', false)
  })

  test.each(['', 'x', '👍👍', '<b>', '1', '\u202e'])('reject %j', async (emoji) => {
    const { ann, target } = await talk()
    await expect(ann.react(LOG, target, emoji)).rejects.toMatchObject({ code: 424, message: /^bad_emoji: / })
  })
})
