/** Which cluster a command means: the local one that runs, or another by address. */
import { type Call, type Env, Failure, integer, text } from './command.ts'
import { type ClusterState, findCluster } from './state.ts'

export const PORT_OPTION = {
  type: 'string',
  value: 'N',
  text: 'Endpoint port of the local cluster, if several run.',
} as const

const NOT_RUNNING = 'no local cluster runs here: start one with "npm start" (or "npx skein up")'

/** The local cluster that `--port` names, or the only one; `undefined` when there is none. */
export const localCluster = (call: Call, env: Env): ClusterState | undefined =>
  findCluster(env, text(call, 'port') === undefined ? undefined : integer(call, 'port', 0, 1, 65_535))

/** As {@link localCluster}; throws {@link Failure} with `otherwise`, what else would do, when there is none. */
export function needCluster(call: Call, env: Env, otherwise: string): ClusterState {
  const found = localCluster(call, env)
  if (found === undefined) throw new Failure(`${NOT_RUNNING}, ${otherwise}`)
  return found
}
