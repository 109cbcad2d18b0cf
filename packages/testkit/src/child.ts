/**
 * Child processes that cannot outlive the test run. Each is known by its pid; the watchdog ends it when this
 * process exits for any reason.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { Socket } from 'node:net'
import type { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { within } from './wait.ts'

/** Notified of every process; see `watchdog.ts`. */
let watchdog: Writable | undefined

function watch(line: string): void {
  watchdog ??= startWatchdog()
  watchdog.write(`${line}\n`)
}

function startWatchdog(): Writable {
  const program = fileURLToPath(new URL('./watchdog.ts', import.meta.url))
  const child = spawn(process.execPath, [program], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  child.unref()
  // Neither the watchdog nor the pipe to it may keep the test run alive.
  if (child.stdin instanceof Socket) child.stdin.unref()
  return child.stdin
}

/** Output kept per process, in characters; older output is dropped. */
const LOG_LIMIT = 2_000_000

export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface Child {
  readonly name: string
  readonly pid: number
  /** Both outputs. */
  logs(): string
  readonly exited: Promise<Exit>
  running(): boolean
  kill(signal: NodeJS.Signals): void
  /** Sends SIGTERM, and SIGKILL after `graceMs`. Resolves when the process has exited. */
  stop(graceMs?: number): Promise<Exit>
}

export interface ChildOptions {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
}

export async function startChild(options: ChildOptions): Promise<Child> {
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: { ...inherited(), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let logs = ''
  const collect = (chunk: Buffer): void => {
    logs = (logs + chunk.toString()).slice(-LOG_LIMIT)
  }
  child.stdout.on('data', collect)
  child.stderr.on('data', collect)
  const exited = new Promise<Exit>((resolve) => {
    child.once('close', (code, signal) => {
      watch(`-${child.pid}`)
      resolve({ code, signal })
    })
  })
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', (error) => {
      reject(new Error(`${options.name} did not start: ${error.message}`, { cause: error }))
    })
  })
  watch(`+${child.pid}`)
  return handle(options.name, child, exited, () => logs)
}

function handle(name: string, child: ChildProcess, exited: Promise<Exit>, logs: () => string): Child {
  const running = (): boolean => child.exitCode === null && child.signalCode === null
  return {
    name,
    pid: child.pid ?? -1,
    logs,
    exited,
    running,
    kill: (signal) => void child.kill(signal),
    stop: async (graceMs = 5000) => {
      if (running()) {
        child.kill('SIGCONT')
        child.kill('SIGTERM')
      }
      try {
        return await within(`${name} to end after SIGTERM`, exited, graceMs)
      } catch {
        // It did not exit in time. The pid belongs to our own child.
        child.kill('SIGKILL')
        return await exited
      }
    },
  }
}

/**
 * The environment of a child: programs of the PATH, the compile cache, and `SKEIN_FAST_PATHS`, with which a
 * test run excludes the fast paths. Other settings of the shell must not reach the nodes.
 */
function inherited(): Record<string, string> {
  // biome-ignore lint/style/noProcessEnv: a child process needs PATH and HOME.
  const { PATH = '', HOME = '', TMPDIR, NODE_COMPILE_CACHE, SKEIN_FAST_PATHS } = process.env
  return {
    PATH,
    HOME,
    ...(TMPDIR !== undefined && { TMPDIR }),
    ...(NODE_COMPILE_CACHE !== undefined && { NODE_COMPILE_CACHE }),
    ...(SKEIN_FAST_PATHS !== undefined && { SKEIN_FAST_PATHS }),
  }
}
