/**
 * Decides how many connections a node sheds after a scale-out: a pure function of what every node sees. One
 * node sheds at a time, the fullest first, and never below the mean: it converges without oscillating. Model:
 * EMQX `rebalance`, which evicts from the fullest node until donors are within a threshold of the recipients.
 */

/** One node, from its {@link NodeInfo}. */
export interface NodeLoad {
  readonly uid: string
  readonly clients: number
  /** The node is shedding connections. */
  readonly shedding: boolean
  /** The node accepts no new connections. */
  readonly draining: boolean
}

/** A node above the mean by this factor sheds even in a balanced cluster. */
const OVERLOADED_RATIO = 1.15
/** A cluster is balanced below this standard deviation, as a share of the mean. */
export const BALANCED_VARIATION = 0.1
/** Ignored surplus: a few people who open a page make as much. */
const MIN_SURPLUS_CONNECTIONS = 2

/** Connections that `me` should shed; 0: none, or another node sheds first. */
export function surplusOf(me: NodeLoad, others: readonly NodeLoad[]): number {
  if (others.length === 0 || me.draining || others.some(({ draining }) => draining)) return 0
  const loads = [me, ...others].map(({ clients }) => clients)
  const mean = loads.reduce((sum, load) => sum + load, 0) / loads.length
  const above = me.clients - mean
  if (above <= MIN_SURPLUS_CONNECTIONS || !mayGo(me, others)) return 0
  const unbalanced =
    me.clients > mean * OVERLOADED_RATIO + MIN_SURPLUS_CONNECTIONS || variation(loads) >= BALANCED_VARIATION
  return unbalanced ? Math.floor(above) : 0
}

/**
 * A node that sheds continues. Of two that began together, the lower id continues. Otherwise the fullest node
 * begins.
 */
function mayGo(me: NodeLoad, others: readonly NodeLoad[]): boolean {
  const shedding = others.filter((other) => other.shedding)
  if (me.shedding) return shedding.every(({ uid }) => me.uid < uid)
  if (shedding.length > 0) return false
  return others.every(({ clients, uid }) => clients < me.clients || (clients === me.clients && me.uid < uid))
}

/** The coefficient of variation; 0 for an empty cluster. */
export function variation(loads: readonly number[]): number {
  const mean = loads.reduce((sum, load) => sum + load, 0) / loads.length
  if (!(mean > 0)) return 0
  const variance = loads.reduce((sum, load) => sum + (load - mean) ** 2, 0) / loads.length
  return Math.sqrt(variance) / mean
}
