import type { StoredPublication, StreamPosition } from '@skein/protocol'
import { describe, expect, it } from 'vitest'
import type { DomainEvents } from '../events.ts'
import { createMemoryBus, createMemoryCluster } from '../memory/index.ts'
import { Channels } from '../namespaces/channels.ts'
import type { Broker, HistoryFilter, HistoryPage } from '../ports.ts'
import { settle } from '../testing/clock.ts'
import { outboxContext } from '../testing/context.ts'
import { CHANNELS } from '../testing/nodes.ts'
import { repair } from './repair.ts'

const page = (epoch: string, offset: number, ...offsets: number[]): HistoryPage => ({
  epoch,
  offset,
  publications: offsets.map((at) => ({ offset: at, envelope: '{}' }) as unknown as StoredPublication),
})

/** A channel at offset 3 of epoch `e` whose broker answers with `read`. */
function start(read: (filter: HistoryFilter) => Promise<HistoryPage>) {
  const context = outboxContext()
  const cluster = createMemoryCluster(createMemoryBus(), { name: 'n', clock: context.clock })
  const broker = Object.create(cluster.broker, {
    history: { value: (_channel: string, filter: HistoryFilter) => read(filter) },
  }) as Broker
  const gaps: DomainEvents['gap'][] = []
  const errors: DomainEvents['internalError'][] = []
  context.events.on('gap', (event) => gaps.push(event))
  context.events.on('internalError', (event) => errors.push(event))
  const delivered: number[] = []
  const lost: (StreamPosition | undefined)[] = []
  const channel = {
    name: 'room:a',
    namespace: new Channels(CHANNELS, 255).of('room:a'),
    count: 1,
    position: { offset: 3, epoch: 'e' } as StreamPosition | undefined,
    advance(publications: readonly StoredPublication[]): boolean {
      for (const { offset } of publications) {
        if (this.position === undefined || offset !== this.position.offset + 1) return false
        this.position = { offset, epoch: this.position.epoch }
        delivered.push(offset)
      }
      return true
    },
    lose: (top: StreamPosition | undefined) => lost.push(top),
  }
  const run = (upTo = 4) => repair({ ...context, cluster: { ...cluster, broker } }, channel, 2, upTo)
  return { clock: context.clock, channel, run, gaps, errors, delivered, lost }
}

describe('a repair', () => {
  it('delivers the missing publications of the stream', async () => {
    const asked: HistoryFilter[] = []
    const { run, gaps, delivered, lost } = start(async (filter) => {
      asked.push(filter)
      return page('e', 5, 4, 5)
    })
    await run()
    expect(asked).toMatchObject([{ since: 3, limit: -1 }])
    expect(delivered).toEqual([4, 5])
    expect(gaps).toEqual([{ channel: 'room:a', missing: 2, outcome: 'filled' }])
    expect(lost).toEqual([])
  })

  it.each([
    ['is of another epoch', page('f', 5, 4, 5)],
    ['has a hole', page('e', 6, 5, 6)],
    ['has lost its end', page('e', 6, 4)],
  ])('reports the loss if the stream %s', async (_name, read) => {
    const { run, gaps, lost } = start(async () => read)
    await run()
    expect(lost).toEqual([read])
    expect(gaps).toEqual([])
  })

  it('reports the loss if the stream ends before the arrival', async () => {
    const read = page('e', 4, 4)
    const { run, gaps, lost } = start(async () => read)
    expect(await run(1_000_000)).toBe('unreached')
    expect(lost).toEqual([read])
    expect(gaps).toEqual([])
  })

  it('does not read for a channel without subscriptions', async () => {
    let reads = 0
    const { run, channel, lost } = start(async () => page('e', 4, ++reads))
    channel.count = 0
    expect(await run()).toBe('abandoned')
    expect([reads, lost]).toEqual([0, []])
  })

  it('reads again until the cluster answers', async () => {
    let reads = 0
    const { run, clock, delivered, errors } = start(async () => {
      if (++reads < 4) throw new Error('unreachable')
      return page('e', 4, 4)
    })
    const done = run()
    await clock.advance(100 + 200 + 400)
    await done
    expect(delivered).toEqual([4])
    expect(errors).toHaveLength(3)
  })

  it('gives up after twelve readings, about ten seconds', async () => {
    let reads = 0
    const { run, clock, lost } = start(async () => {
      reads++
      throw new Error('unreachable')
    })
    const done = run()
    await clock.advance(8000)
    expect(lost).toEqual([])
    await clock.advance(4000)
    await done
    expect(reads).toBe(12)
    expect(lost).toEqual([undefined])
  })

  it('changes nothing if the channel lost its state meanwhile', async () => {
    const answer = Promise.withResolvers<HistoryPage>()
    const { run, channel, delivered, lost, gaps } = start(() => answer.promise)
    const done = run()
    await settle()
    channel.position = { offset: 9, epoch: 'g' }
    answer.resolve(page('e', 5, 4, 5))
    await done
    expect([delivered, lost, gaps]).toEqual([[], [], []])
  })
})
