/** The processes that a number of connections needs on this machine, and how many of them work at a time. */

/**
 * A node reserves a tenth of its open files (docs/operations/overload.md); the rest is room for closing
 * connections.
 */
const RESERVE = 2000
const CLOSING = 50

export interface Plan {
  readonly connections: number
  /** Node processes, and as many load processes: each of them has a file for each connection. */
  readonly processes: number
  readonly perProcess: number
  /** Pairs of a node and a load process that are filled at the same time. */
  readonly atOnce: number
  /** Connections being opened by each of them. */
  readonly inFlight: number
}

export function plan(
  connections: number,
  files: number,
  { atOnce, inFlight }: { readonly atOnce: number; readonly inFlight: number },
): Plan {
  const most = Math.min(20_000, files) - RESERVE - CLOSING
  const processes = Math.ceil(connections / most)
  const perProcess = Math.ceil(connections / processes)
  return { connections, processes, perProcess, atOnce: Math.min(atOnce, processes), inFlight }
}
