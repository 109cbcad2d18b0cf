/**
 * Memory settings that V8 and glibc read when a process starts. By default V8's young generation grows with
 * the load of new connections and never shrinks: 3 KB more per idle connection. glibc by default gives each
 * thread a heap of its own: 16 MB more for an empty node (docs/performance/trials.md).
 */

/**
 * Size of a semi-space, MiB. Half of it saves 15 MB per node and costs a tenth more CPU for each opening. For
 * many nodes with little memory, `NODE_OPTIONS=--max-semi-space-size=8 MALLOC_ARENA_MAX=1` is the better
 * choice.
 */
const SEMI_SPACE_MIB = 16

/** `process`, or a fake of a test. */
export interface ProcessLike {
  readonly execPath: string
  readonly execArgv: readonly string[]
  readonly argv: readonly string[]
  /** Set if a parent process has a message channel to this process, which `execve` would cut. */
  readonly connected: boolean
  readonly execve?: ((file: string, args: readonly string[], env: NodeJS.ProcessEnv) => unknown) | undefined
}

/** Number of heaps of a process, `mallopt(3)`. No effect with another libc. */
const ARENAS = { MALLOC_ARENA_MAX: '1' }

/**
 * Replaces this process by itself with both settings: same pid, same files, same place in the process tree.
 * Does nothing if the command line or `NODE_OPTIONS` has the flag already, or if the platform has no `execve`
 * (Windows).
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
