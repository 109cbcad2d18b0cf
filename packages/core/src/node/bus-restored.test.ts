/** After an outage of the bus the node compares every channel with its stream. */
import { expect, test } from 'vitest'
import { connected } from '../testing/client.ts'
import { startNodes } from '../testing/nodes.ts'

test('a failed comparison is retried', async () => {
  const { node, other, bus, clock } = await startNodes()
  const ann = await connected(node, 'ann')
  await ann.call('subscribe', { channel: 'room:a' })
  bus.cut(node.uid)
  await other.publish('room:a', { data: '1' })
  // Pub/Sub is back, but commands still fail.
  const errors: string[] = []
  node.events.on('internalError', ({ where }) => errors.push(where))
  for (const seat of bus.seats()) if (seat.uid === node.uid) seat.listener?.onRestored()
  await clock.advance(3000)
  expect(errors).toContain('position check')
  expect(ann.publications('room:a')).toEqual([])
  for (const seat of bus.seats()) seat.cut = false
  await clock.advance(1500)
  expect(ann.publications('room:a')).toEqual(['1:1'])
})

test('after a failover of the store, clients at surviving positions recover and all others are notified', async () => {
  const { node, bus, clock } = await startNodes()
  for (const data of ['1', '2', '3', '4']) await node.publish('room:a', { data })
  const { epoch } = await node.history('room:a', {})
  bus.streams.failOver('room:a', 2)
  for (const data of ['33', '44', '55']) await node.publish('room:a', { data })
  const since = async (offset: number) => {
    const ann = await connected(node, 'ann')
    return await ann.call('subscribe', { channel: 'room:a', recover: true, epoch, offset })
  }
  const kept = await since(2)
  expect(kept).toMatchObject({ recovered: true })
  expect(kept.epoch).not.toBe(epoch)
  expect(kept.publications).toHaveLength(3)
  expect((await since(3)).recovered ?? false).toBe(false)
  expect((await since(4)).recovered ?? false).toBe(false)
  await expect(node.history('room:a', { since: { offset: 1, epoch }, limit: 10 })).resolves.toMatchObject({
    offset: 5,
  })
  await expect(node.history('room:a', { since: { offset: 3, epoch }, limit: 10 })).rejects.toMatchObject({
    wire: { code: 112 },
  })
  await clock.advance(50)
})
