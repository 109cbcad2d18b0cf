/** Fills a gap of a channel from its stream. If that is impossible, its subscriptions lose their state. */
import type { StoredPublication, StreamPosition } from '@skein/protocol'
import type { ResolvedNamespace } from '../namespaces/channels.ts'
import type { HistoryPage } from '../ports.ts'
import { sleep } from '../util/sleep.ts'
import type { ChannelContext } from './context.ts'

/** With the delays below about 10 s, longer than a restart of Redis. */
const MAX_ATTEMPTS = 12
const FIRST_RETRY_DELAY_MS = 100
const MAX_RETRY_DELAY_MS = 1000

/** The part of a channel that a repair uses. */
export interface RepairedChannel {
  readonly name: string
  readonly namespace: ResolvedNamespace
  /** Number of subscriptions. */
  readonly count: number
  readonly position: StreamPosition | undefined
  advance(publications: readonly StoredPublication[]): boolean
  lose(top: StreamPosition | undefined): void
}

/**
 * `unreached`: the stream ends before `upTo` or has another epoch. `abandoned`: the channel has no
 * subscriptions.
 */
export type RepairOutcome = 'settled' | 'unreached' | 'abandoned'

/**
 * Resolves when the channel has the position of the stream, or its subscriptions were notified. Never
 * rejects. `upTo`: the offset of the arrival; beyond the stream it is forged, or lost by the store.
 */
export async function repair(
  node: ChannelContext,
  channel: RepairedChannel,
  missing: number,
  upTo: number,
): Promise<RepairOutcome> {
  const from = channel.position
  if (from === undefined) return 'settled'
  const page = await readSince(node, channel, from.offset)
  if (channel.count === 0) return 'abandoned'
  if (channel.position !== from) return 'settled' // The channel lost its state meanwhile.
  const filled = page !== undefined && page.epoch === from.epoch && channel.advance(page.publications)
  if (filled && channel.position.offset >= page.offset && page.offset >= upTo) {
    node.events.emit('gap', { channel: channel.name, missing, outcome: 'filled' })
    return 'settled'
  }
  channel.lose(page)
  if (page === undefined) return 'settled'
  return page.epoch === from.epoch && page.offset >= upTo ? 'settled' : 'unreached'
}

async function readSince(
  node: ChannelContext,
  channel: RepairedChannel,
  since: number,
): Promise<HistoryPage | undefined> {
  const { metaTtl } = channel.namespace.stream
  let delay = FIRST_RETRY_DELAY_MS
  for (let attempt = 0; attempt < MAX_ATTEMPTS && channel.count > 0; attempt++) {
    try {
      return await node.cluster.broker.history(channel.name, { since, limit: -1, metaTtl })
    } catch (error) {
      node.events.emit('internalError', { where: 'gap repair', error })
    }
    await sleep(node.clock, delay)
    delay = Math.min(MAX_RETRY_DELAY_MS, delay * 2)
  }
  return undefined
}
