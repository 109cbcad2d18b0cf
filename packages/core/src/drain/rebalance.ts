/**
 * Sheds connections to emptier nodes: without it, new nodes stay empty for as long as the connections of the
 * old ones last. `rebalance-policy.ts` decides from the membership; a node that sheds publishes it there, and
 * stops after one interval.
 *
 * It needs a proxy that places new connections on the emptiest node (`least_conn`). Behind a proxy that sends
 * clients back to their old node (`ip_hash`) shedding is futile: the node detects that, reports it and
 * pauses.
 */
import type { ConnectionContext } from '../connection/context.ts'
import type { NodeInfo } from '../ports.ts'
import { sleep } from '../util/sleep.ts'
import type { NodePhase } from './phase.ts'
import { type NodeLoad, surplusOf } from './rebalance-policy.ts'
import { idleConnections, shed } from './shed.ts'

/** Long enough for clients to reconnect and be counted before the next ones close. */
const SHED_INTERVAL_MS = 1000
/** Shedding was futile if this share of the clients came back to this node. */
const FUTILE_RETURN_RATIO = 0.8
/** The longest pause after futile shedding: an hour at an interval of 15 s. */
const MAX_PAUSE_INTERVALS = 240

export class Rebalance {
  readonly #node: ConnectionContext
  readonly #phase: NodePhase
  readonly #describe: () => NodeInfo
  #shedding = false
  /** The nodes of the last check, and since when there have been no others. Monotonic ms. */
  #members = ''
  #membersSince = 0
  #last: { readonly before: number; readonly shed: number } | undefined
  /** Futile intervals in a row. */
  #futile = 0
  #pauseIntervals = 0

  constructor(node: ConnectionContext, phase: NodePhase, describe: () => NodeInfo) {
    this.#node = node
    this.#phase = phase
    this.#describe = describe
  }

  /** Part of the node's membership. */
  get shedding(): boolean {
    return this.#shedding
  }

  /** Runs until the node is closed. */
  async run(): Promise<void> {
    const { clock, limits, random, events } = this.#node
    if (limits.rebalanceInterval === 0) return
    for (;;) {
      await sleep(clock, limits.rebalanceInterval * (0.9 + random() * 0.2))
      if (this.#phase.closed) return
      this.#judgeLast()
      if (this.#pauseIntervals > 0) this.#pauseIntervals--
      else if (this.#phase.serving)
        await this.#shedInterval().catch((error: unknown) =>
          events.emit('internalError', { where: 'rebalance', error }),
        )
      this.#shedding = false
    }
  }

  /** Sheds for one interval at most. Ends earlier when the surplus is gone or another node sheds. */
  async #shedInterval(): Promise<void> {
    const { clock, limits, connections } = this.#node
    const end = clock.monotonic() + limits.rebalanceInterval
    const before = connections.size
    // The first surplus is the bound: clients that reconnect here meanwhile are not shed again.
    let left = Number.POSITIVE_INFINITY
    let count = 0
    while (this.#phase.serving && clock.monotonic() < end) {
      const surplus = Math.min(left, await this.#surplus())
      if (surplus === 0) break
      // The first step only publishes `shedding`: two nodes that begin together see each other before they
      // shed.
      const step = this.#shedding ? this.#shed(Math.min(surplus, limits.shedRate)) : 0
      count += step
      left = surplus - step
      this.#shedding = true
      await sleep(clock, SHED_INTERVAL_MS)
    }
    if (count > 0) this.#last = { before, shed: count }
  }

  #shed(count: number): number {
    const idle = idleConnections(this.#node.connections, count)
    shed(this.#node, idle, 'rebalance')
    return idle.length
  }

  async #surplus(): Promise<number> {
    const infos = await this.#node.cluster.membership.nodes()
    const me = this.#describe()
    const others = infos.filter(({ uid }) => uid !== me.uid)
    if (!this.#settled([me, ...others])) return 0
    return surplusOf(load(me), others.map(load))
  }

  /** No node joined or left for a while: otherwise connections are moving already. */
  #settled(infos: readonly NodeInfo[]): boolean {
    const { clock, limits } = this.#node
    const members = infos
      .map(({ uid }) => uid)
      .sort()
      .join()
    if (members !== this.#members) {
      const first = this.#members === ''
      this.#members = members
      this.#membersSince = first ? Number.NEGATIVE_INFINITY : clock.monotonic()
    }
    const calm = clock.monotonic() - this.#membersSince >= limits.rebalanceSettle
    return calm && infos.every(({ uptime }) => uptime * 1000 >= limits.rebalanceSettle)
  }

  /** By the next interval the shed clients have reconnected. Each futile interval doubles the pause. */
  #judgeLast(): void {
    const last = this.#last
    if (last === undefined) return
    this.#last = undefined
    const returned = this.#node.connections.size - (last.before - last.shed)
    if (returned < last.shed * FUTILE_RETURN_RATIO) {
      this.#futile = 0
      return
    }
    this.#futile++
    this.#pauseIntervals = Math.min(MAX_PAUSE_INTERVALS, 2 ** this.#futile)
    this.#node.events.emit('rebalanceFutile', { shed: last.shed, returned })
  }
}

function load({ uid, numClients, shedding, draining }: NodeInfo): NodeLoad {
  return { uid, clients: numClients, shedding: shedding ?? false, draining: draining ?? false }
}
