/**
 * Load under faults, and its verification: an acknowledged publication may be lost or replaced only if its
 * holders are notified.
 */
import { type Cluster, continues } from '@skein/core'
import { pause, waitFor } from '@skein/testkit'
import type { ContractNode } from '@skein/testkit/contracts'
import { envelope } from '@skein/testkit/contracts'

export const KEPT = { historySize: 100_000, historyTtl: 600, metaTtl: 1200 }

/** A position that a client may hold, and the publication there as it received it. */
export interface Held {
  readonly epoch: string
  readonly offset: number
  readonly envelope: string
}

export interface Load {
  /** Publications in the order of acknowledgement. */
  readonly acknowledged: readonly Held[]
  /** Maximum time between two acknowledgements, ms. */
  readonly longestGap: () => number
  /** Stops; resolves once the publish in flight is acknowledged. */
  stop(): Promise<void>
}

/** Publishes one message after the other, each until it is acknowledged. */
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
  /**
   * Held positions whose publication is lost or replaced, and which a client could still resume from: silent
   * losses.
   */
  readonly silent: readonly Held[]
  /** Number of held positions of lost publications from which a client cannot resume: reported losses. */
  readonly reported: number
  /**
   * Number of held positions of existing publications from which a client cannot resume. Legitimate only for
   * a publish that was lost unacknowledged and repeated in another epoch.
   */
  readonly needless: number
  /** Positions at which two holders received different publications. */
  readonly reused: readonly string[]
}

/** Compares all held positions with the present stream. */
export async function judge(cluster: Cluster, channel: string, held: readonly Held[]): Promise<Judgement> {
  const page = await waitFor('history', () =>
    cluster.broker.history(channel, { limit: -1, metaTtl: KEPT.metaTtl }),
  )
  const stands = new Map<number, string>(page.publications.map((one) => [one.offset, one.envelope]))
  const silent: Held[] = []
  let reported = 0
  let needless = 0
  for (const one of held) {
    const recovers = continues(page, one) && one.offset <= page.offset
    const kept = stands.get(one.offset) === one.envelope
    if (recovers && !kept) silent.push(one)
    else if (!recovers && kept) needless += 1
    else if (!recovers) reported += 1
  }
  return { silent, reported, needless, reused: reused(held) }
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

/** Publications that a node received. */
export function heardBy({ heard }: ContractNode, channel: string): readonly Held[] {
  return heard.publications.filter((one) => one.channel === channel)
}
