/** Fills a gap of a channel from its stream, or says that it cannot be filled. */
import type { StoredPublication, StreamPosition } from '@skein/protocol'
import type { ResolvedNamespace } from '../namespaces/channels.ts'
import type { HistoryPage } from '../ports.ts'
import { sleep } from '../util/sleep.ts'
import type { ChannelContext } from './context.ts'

/** Tries before giving up: with the pauses below about 10 s, longer than a Redis restart. */
const TRIES = 12
const PAUSE = 100
const LONGEST_PAUSE = 1000

/** What a repair needs of its channel. */
export interface RepairedChannel {
  readonly name: string
  readonly namespace: ResolvedNamespace
  readonly position: StreamPosition | undefined
  advance(publications: readonly StoredPublication[]): boolean
  lose(top: StreamPosition | undefined): void
}

/** Resolves when the channel's position has reached the stream's, or its subscribers have been told. Never rejects. */
export async function repair(node: ChannelContext, channel: RepairedChannel, missing: number): Promise<void> {
  const from = channel.position
  if (from === undefined) return
  const page = await readSince(node, channel, from.offset)
  if (channel.position !== from) return // told and reset meanwhile
  const filled = page !== undefined && page.epoch === from.epoch && channel.advance(page.publications)
  if (filled && channel.position.offset >= page.offset) {
    node.events.emit('gap', { channel: channel.name, missing, outcome: 'filled' })
  } else {
    channel.lose(page)
  }
}

async function readSince(
  node: ChannelContext,
  channel: RepairedChannel,
  since: number,
): Promise<HistoryPage | undefined> {
  const { metaTtl } = channel.namespace.stream
  let pause = PAUSE
  for (let attempt = 0; attempt < TRIES; attempt++) {
    try {
      return await node.cluster.broker.history(channel.name, { since, limit: -1, metaTtl })
    } catch (error) {
      node.events.emit('internalError', { where: 'gap repair', error })
    }
    await sleep(node.clock, pause)
    pause = Math.min(LONGEST_PAUSE, pause * 2)
  }
  return undefined
}
