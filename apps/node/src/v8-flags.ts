/**
 * What V8 must be told before it starts, wherever a node is started from. Its young generation grows to 128 MiB by default
 * under the load of new connections and never shrinks, as much memory as 15,000 idle connections need; with this bound it
 * stays near 32 MiB. Measured in docs/performance.md.
 */

/** MiB; V8 keeps two semi-spaces and at times a third. */
const SEMI_SPACE_MIB = 8

/** `process`, or a stand-in. */
export interface ProcessLike {
  readonly execPath: string
  readonly execArgv: readonly string[]
  readonly argv: readonly string[]
  /** There is a parent that talks to this process; a program started in its place would not hear it. */
  readonly connected: boolean
  readonly execve?: ((file: string, args: readonly string[], env: NodeJS.ProcessEnv) => unknown) | undefined
}

/**
 * Replaces this process by itself with the flag: same pid, same files, same place in the process tree. Does nothing where
 * the flag is set already, by the command line or `NODE_OPTIONS`, or where the platform has no `execve` (Windows).
 */
export function withV8Flags(process: ProcessLike, env: NodeJS.ProcessEnv): void {
  const given = [...process.execArgv, env['NODE_OPTIONS'] ?? '']
  if (given.some((flag) => /semi[-_]space/.test(flag))) return
  if (process.execve === undefined || process.connected) return
  const flag = `--max-semi-space-size=${SEMI_SPACE_MIB}`
  process.execve(
    process.execPath,
    [process.execPath, flag, ...process.execArgv, ...process.argv.slice(1)],
    env,
  )
}
