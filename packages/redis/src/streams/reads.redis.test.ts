import { envelope } from '@skein/testkit/contracts'
import { expect, test } from 'vitest'
import { createCluster, HISTORY, startServer } from '../testing/servers.ts'

const { metaTtl } = HISTORY

test('reads of channels without a stream store one key for all of them', async () => {
  const redis = await startServer()
  const { broker } = createCluster(redis.url)
  const channels = Array.from({ length: 500 }, (_, at) => `room:invented ${at}`)
  for (const limit of [0, -1])
    await Promise.all(channels.map((channel) => broker.history(channel, { limit, metaTtl })))
  expect(await redis.command('KEYS', '*')).toBe('*1\r\n$17\r\nskein:@common:120\r\n')
  expect(Number((await redis.command('TTL', 'skein:@common:120')).slice(1))).toBeGreaterThan(0)
})

test('positions of one turn follow the meta TTL of their namespace', async () => {
  const redis = await startServer()
  const { broker } = createCluster(redis.url)
  const ttls = [120, 240, 120, 240]
  const read = () =>
    Promise.all(ttls.map((ttl, at) => broker.history(`room:${at}`, { limit: 0, metaTtl: ttl })))
  const [a, b, c, d] = await read()
  expect([c, d]).toEqual([a, b])
  expect(a?.epoch).not.toBe(b?.epoch)
  const born = await broker.publish('room:2', envelope(1), HISTORY)
  expect(born.epoch).toBe(a?.epoch)
  expect((await read()).map(({ offset }) => offset)).toEqual([0, 0, 1, 0])
})

test('an emptied Redis begins another epoch, for streams and for channels without one', async () => {
  const redis = await startServer()
  const { broker } = createCluster(redis.url)
  const quiet = await broker.history('room:quiet', { limit: 0, metaTtl })
  const first = await broker.publish('room:a', envelope(1), HISTORY)
  expect(first.epoch).toBe(quiet.epoch)
  await redis.command('FLUSHALL')
  const second = await broker.publish('room:a', envelope(2), HISTORY)
  expect(second).toMatchObject({ offset: 1 })
  expect(second.epoch).not.toBe(first.epoch)
  expect(await broker.history('room:quiet', { limit: 0, metaTtl })).toEqual({
    offset: 0,
    epoch: second.epoch,
    publications: [],
  })
})

test('a full Redis still answers reads of channels without a stream', async () => {
  const redis = await startServer()
  const { broker } = createCluster(redis.url)
  const { epoch } = await broker.history('room:a', { limit: 0, metaTtl })
  await redis.command('CONFIG', 'SET', 'maxmemory', '1')
  expect((await broker.history('room:b', { limit: 0, metaTtl })).epoch).toBe(epoch)
  expect((await broker.history('room:c', { limit: -1, metaTtl })).epoch).toBe(epoch)
  await redis.command('UNLINK', 'skein:@common:120')
  for (const limit of [0, -1]) {
    const refused = broker.history('room:b', { limit, metaTtl })
    await expect(refused).rejects.toMatchObject({ name: 'Unavailable' })
  }
})
