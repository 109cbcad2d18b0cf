/** How many processes a number of connections needs on this machine. */

/** Files of a process that are no connections: Node's own, Redis, the listeners, and room for those that are closing. */
const OWN_FILES = 400

export interface Plan {
  readonly connections: number
  /** Node processes, and as many load processes: each of them has a file for each connection. */
  readonly processes: number
  readonly perProcess: number
}

export function plan(connections: number, files: number): Plan {
  const most = Math.min(20_000, files) - OWN_FILES
  const processes = Math.ceil(connections / most)
  return { connections, processes, perProcess: Math.ceil(connections / processes) }
}
