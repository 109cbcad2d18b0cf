/**
 * Gives connections away to emptier nodes, at a pace: after a scale-out the old nodes are full and the new ones empty, and
 * would stay so for as long as connections last. Who sheds how many is decided by `rebalance-policy.ts` from what every node
 * tells of itself in its membership; a node that sheds says so there, and goes on for one interval at most.
 *
 * It needs a proxy that places new connections on the emptiest node (`least_conn`) or by a hash that has changed. Behind one
 * that sends a client back to where it was (`ip_hash`) it would only disturb: it sees that, says so, and pauses.
 */
import type { ConnectionContext } from '../connection/context.ts'
import type { NodeInfo } from '../ports.ts'
import { sleep } from '../util/sleep.ts'
import { type NodeLoad, surplusOf } from './rebalance-policy.ts'
import { quietOnes, shed } from './shed.ts'

/** Closes come once in this time, ms: long enough for clients to be back and counted before the next. */
const STEP = 1000
/** So many of those shed came back here: it was in vain. */
const IN_VAIN = 0.8
/** The longest pause after turns in vain, in intervals: an hour at 15 s. */
const MOST_PAUSE = 240

/** What of the node this needs. */
export interface RebalanceParts {
  readonly serving: () => boolean
  readonly ended: () => boolean
  readonly describe: () => NodeInfo
}

export class Rebalance {
  readonly #node: ConnectionContext
  readonly #parts: RebalanceParts
  #shedding = false
  /** Who was there at the last look, and monotonic ms since when. */
  #members = ''
  #since = 0
  #last: { readonly before: number; readonly shed: number } | undefined
  #inVain = 0
  /** Intervals still to be let pass. */
  #pause = 0

  constructor(node: ConnectionContext, parts: RebalanceParts) {
    this.#node = node
    this.#parts = parts
  }

  /** Told to the others. */
  get shedding(): boolean {
    return this.#shedding
  }

  /** Runs until the node has ended. */
  async run(): Promise<void> {
    const { clock, limits, random, events } = this.#node
    const { serving, ended } = this.#parts
    if (limits.rebalanceInterval === 0) return
    for (;;) {
      await sleep(clock, limits.rebalanceInterval * (0.9 + random() * 0.2))
      if (ended()) return
      this.#judgeLast()
      if (this.#pause > 0) this.#pause--
      else if (serving())
        await this.#turn().catch((error: unknown) =>
          events.emit('internalError', { where: 'rebalance', error }),
        )
      this.#shedding = false
    }
  }

  /** One interval of giving away, or none: ends when the surplus is gone, or nobody may shed any more. */
  async #turn(): Promise<void> {
    const { clock, limits, connections } = this.#node
    const end = clock.monotonic() + limits.rebalanceInterval
    const before = connections.size
    // No more than seemed too many at first: who comes back here meanwhile is not asked again.
    let left = Number.POSITIVE_INFINITY
    let count = 0
    while (this.#parts.serving() && clock.monotonic() < end) {
      const surplus = Math.min(left, await this.#surplus())
      if (surplus === 0) break
      // The first step is only said: another node that began at the same moment is seen before anybody is moved.
      const step = this.#shedding ? this.#shed(Math.min(surplus, limits.shedRate)) : 0
      count += step
      left = surplus - step
      this.#shedding = true
      await sleep(clock, STEP)
    }
    if (count > 0) this.#last = { before, shed: count }
  }

  #shed(count: number): number {
    const quiet = quietOnes(this.#node.connections, count)
    shed(this.#node, quiet, 'rebalance')
    return quiet.length
  }

  async #surplus(): Promise<number> {
    const infos = await this.#node.cluster.membership.nodes()
    const me = this.#parts.describe()
    const others = infos.filter(({ uid }) => uid !== me.uid)
    if (!this.#settled([me, ...others])) return 0
    return surplusOf(load(me), others.map(load))
  }

  /** Nobody came or went for a while: otherwise connections are on their way already. */
  #settled(infos: readonly NodeInfo[]): boolean {
    const { clock, limits } = this.#node
    const members = infos
      .map(({ uid }) => uid)
      .sort()
      .join()
    if (members !== this.#members) {
      const first = this.#members === ''
      this.#members = members
      this.#since = first ? Number.NEGATIVE_INFINITY : clock.monotonic()
    }
    const calm = clock.monotonic() - this.#since >= limits.rebalanceSettle
    return calm && infos.every(({ uptime }) => uptime * 1000 >= limits.rebalanceSettle)
  }

  /** By the next interval those shed are somewhere. If that is here again, each such turn doubles the pause. */
  #judgeLast(): void {
    const last = this.#last
    if (last === undefined) return
    this.#last = undefined
    const returned = this.#node.connections.size - (last.before - last.shed)
    if (returned < last.shed * IN_VAIN) {
      this.#inVain = 0
      return
    }
    this.#inVain++
    this.#pause = Math.min(MOST_PAUSE, 2 ** this.#inVain)
    this.#node.events.emit('rebalanceFutile', { shed: last.shed, returned })
  }
}

function load({ uid, numClients, shedding, draining }: NodeInfo): NodeLoad {
  return { uid, clients: numClients, shedding: shedding ?? false, draining: draining ?? false }
}
