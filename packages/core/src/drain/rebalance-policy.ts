/**
 * Who gives connections away after a scale-out, and how many: a pure function of what every node can see. At most one node
 * at a time, the fullest first, never below the mean, so it converges and does not swing. Model: EMQX `rebalance`, which
 * evicts from the fullest until donors are within a threshold of the recipients.
 */

/** One node, as its {@link NodeInfo} tells it. */
export interface NodeLoad {
  readonly uid: string
  readonly clients: number
  /** It gives connections away now. */
  readonly shedding: boolean
  /** It takes no new connections. */
  readonly draining: boolean
}

/** Above the mean by this factor: reason enough alone. */
const FAR_ABOVE = 1.15
/** Standard deviation by mean, below which a cluster counts as balanced. */
export const BALANCED = 0.1
/** Connections above the mean that are nobody's concern: what a few people opening a page make. */
const FEW = 2

/** How many connections `me` should give away; 0: none, or it is not its turn. */
export function surplusOf(me: NodeLoad, others: readonly NodeLoad[]): number {
  if (others.length === 0 || me.draining || others.some(({ draining }) => draining)) return 0
  const loads = [me, ...others].map(({ clients }) => clients)
  const mean = loads.reduce((sum, load) => sum + load, 0) / loads.length
  const above = me.clients - mean
  if (above <= FEW || !mayGo(me, others)) return 0
  const unbalanced = me.clients > mean * FAR_ABOVE + FEW || variation(loads) >= BALANCED
  return unbalanced ? Math.floor(above) : 0
}

/** Whoever sheds already goes on; two who began at once are told apart by their ids; otherwise it is the fullest's turn. */
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
