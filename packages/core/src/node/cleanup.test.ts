import { expect, test } from 'vitest'
import { connected } from '../testing/client.ts'
import { startNodes } from '../testing/nodes.ts'

/** Found by `npm run simulate`: the removal that was owed came after the connection had subscribed again. */
test('a removal that failed does not take back a presence that was entered again meanwhile', async () => {
  const { node, bus, clock } = await startNodes()
  const ann = await connected(node, 'ann')
  await ann.call('subscribe', { channel: 'room:a' })
  bus.cut(node.uid)
  await ann.call('unsubscribe', { channel: 'room:a' })
  await clock.advance(10)
  bus.heal()
  await ann.call('subscribe', { channel: 'room:a' })
  await clock.advance(5000)
  expect((await node.presence('room:a')).map((info) => info.client)).toEqual([ann.id])
})

test('a removal that failed is repeated until it is done', async () => {
  const { node, bus, clock } = await startNodes()
  const ann = await connected(node, 'ann')
  await ann.call('subscribe', { channel: 'room:a' })
  bus.cut(node.uid)
  await ann.call('unsubscribe', { channel: 'room:a' })
  await clock.advance(3000)
  bus.heal()
  await clock.advance(2000)
  expect(await node.presence('room:a')).toEqual([])
})
