/**
 * What V8 and glibc must be told before they start, wherever a node is started from. Left alone, V8's young generation grows
 * under the load of new connections and never shrinks: an idle connection then costs 10.8 KB instead of 7.7. And glibc gives
 * threads heaps of their own, 16 MB more for an empty node (docs/performance.md).
 */

/**
 * MiB of one of the two semi-spaces. With half of it a node has 15 MB less and each opening a tenth more to do; where many nodes
 * share little memory, `NODE_OPTIONS=--max-semi-space-size=8 MALLOC_ARENA_MAX=1` is the better choice.
 */
const SEMI_SPACE_MIB = 16

/** `process`, or a stand-in. */
export interface ProcessLike {
  readonly execPath: string
  readonly execArgv: readonly string[]
  readonly argv: readonly string[]
  /** There is a parent that talks to this process; a program started in its place would not hear it. */
  readonly connected: boolean
  readonly execve?: ((file: string, args: readonly string[], env: NodeJS.ProcessEnv) => unknown) | undefined
}

/** `mallopt(3)`: heaps of a process. No effect with another libc. */
const ARENAS = { MALLOC_ARENA_MAX: '1' }

/**
 * Replaces this process by itself with both: same pid, same files, same place in the process tree. Does nothing where
 * the flag is set already, by the command line or `NODE_OPTIONS`, or where the platform has no `execve` (Windows).
 */
export function withMemorySettings(process: ProcessLike, env: NodeJS.ProcessEnv): void {
  const given = [...process.execArgv, env['NODE_OPTIONS'] ?? '']
  if (given.some((flag) => /semi[-_]space/.test(flag))) return
  if (process.execve === undefined || process.connected) return
  const flag = `--max-semi-space-size=${SEMI_SPACE_MIB}`
  process.execve(process.execPath, [process.execPath, flag, ...process.execArgv, ...process.argv.slice(1)], {
    ...ARENAS,
    ...env,
  })
}
