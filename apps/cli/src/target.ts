/** The local cluster that a command addresses. */
import { type Call, type Env, Failure, integer, text } from './command.ts'
import { type ClusterState, findCluster } from './state.ts'

export const PORT_OPTION = {
  type: 'string',
  value: 'N',
  text: 'Endpoint port of the local cluster; required if several run.',
} as const

const NOT_RUNNING = 'no local cluster is running: start one with "npm start" (or "npx skein up")'

/** The local cluster that `--port` names, or the only one; `undefined` if none runs. */
export const localCluster = (call: Call, env: Env): ClusterState | undefined =>
  findCluster(env, text(call, 'port') === undefined ? undefined : integer(call, 'port', 0, 1, 65_535))

/**
 * Like {@link localCluster}, but throws {@link Failure} if none runs; the message names the `alternative`.
 */
export function requireCluster(call: Call, env: Env, alternative: string): ClusterState {
  const found = localCluster(call, env)
  if (found === undefined) throw new Failure(`${NOT_RUNNING}, ${alternative}`)
  return found
}
