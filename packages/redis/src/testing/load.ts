/** Publishing under faults, and the judgement of what became of it: nothing that was acknowledged may go, or be replaced, nodeMessages. */
import { type Cluster, continues } from '@skein/core'
import { pause, waitFor } from '@skein/testkit'
import type { ContractNode } from '@skein/testkit/contracts'
import { envelope } from '@skein/testkit/contracts'

export const KEPT = { historySize: 100_000, historyTtl: 600, metaTtl: 1200 }

/** A position that a client may hold, and what stands there as it was told. */
export interface Held {
  readonly epoch: string
  readonly offset: number
  readonly envelope: string
}

export interface Load {
  /** In the order of acknowledgement. */
  readonly acknowledged: readonly Held[]
  /** The longest time between two acknowledgements, ms. */
  readonly longestGap: () => number
  /** Ends it; resolves once the publish under way is acknowledged. */
  stop(): Promise<void>
}

/** One after the other, each until it is acknowledged. */
export function publishAlong(cluster: Cluster, channel: string, name: string, options: object = {}): Load {
  const acknowledged: Held[] = []
  let longest = 0
  let last = performance.now()
  let going = true
  const run = async (): Promise<void> => {
    for (let count = 0; going; count++) {
      const text = envelope(`${name} ${count}`)
      const publish = { ...KEPT, ...options, idempotencyKey: `${name} ${count}` }
      const { epoch, offset } = await untilAcknowledged(() => cluster.broker.publish(channel, text, publish))
      acknowledged.push({ epoch, offset, envelope: text })
      longest = Math.max(longest, performance.now() - last)
      last = performance.now()
      await pause(1)
    }
  }
  const done = run()
  return {
    acknowledged,
    longestGap: () => longest,
    stop: async () => {
      going = false
      await done
    },
  }
}

async function untilAcknowledged<T>(publish: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + 30_000
  for (;;) {
    try {
      return await publish()
    } catch (error) {
      if (performance.now() > deadline) throw error
      await pause(20)
    }
  }
}

export interface Judgement {
  /** Held positions whose publication is gone or another one, though a client that holds it would be told all is well. */
  readonly silent: readonly Held[]
  /** Held positions of publications that are gone, of which a client that holds it is told. */
  readonly told: number
  /**
   * Held positions of publications that stand, which a client nevertheless cannot recover from. Only a publish that was lost
   * unacknowledged, and done again in another epoch, looks so by right.
   */
  readonly needless: number
  /** Positions at which two holders saw different publications. */
  readonly reused: readonly string[]
}

/** Everything held, against the stream as it is now. */
export async function judge(cluster: Cluster, channel: string, held: readonly Held[]): Promise<Judgement> {
  const page = await waitFor('history', () =>
    cluster.broker.history(channel, { limit: -1, metaTtl: KEPT.metaTtl }),
  )
  const stands = new Map<number, string>(page.publications.map((one) => [one.offset, one.envelope]))
  const silent: Held[] = []
  let told = 0
  let needless = 0
  for (const one of held) {
    const recovers = continues(page, one) && one.offset <= page.offset
    const kept = stands.get(one.offset) === one.envelope
    if (recovers && !kept) silent.push(one)
    else if (!recovers && kept) needless += 1
    else if (!recovers) told += 1
  }
  return { silent, told, needless, reused: reused(held) }
}

function reused(held: readonly Held[]): string[] {
  const seen = new Map<string, string>()
  const twice = new Set<string>()
  for (const { epoch, offset, envelope: text } of held) {
    const position = `${epoch}:${offset}`
    if ((seen.get(position) ?? text) !== text) twice.add(position)
    seen.set(position, text)
  }
  return [...twice]
}

/** What a node's subscribers were given. */
export function heardBy({ heard }: ContractNode, channel: string): readonly Held[] {
  return heard.publications.filter((one) => one.channel === channel)
}
