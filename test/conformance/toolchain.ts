/** Finds or builds the program that runs an SDK's scenario; returns the reason when this machine cannot. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export type Prepared =
  | { readonly ok: true; readonly command: string; readonly args: readonly string[] }
  | { readonly ok: false; readonly reason: string }

const GO = fileURLToPath(new URL('./go/', import.meta.url))
const PYTHON = fileURLToPath(new URL('./python/', import.meta.url))

/**
 * Builds into `folder`. A module that cannot be fetched is a reason to skip; a module that does not compile
 * is an error.
 */
export function prepareGo(folder: string): Prepared {
  if (!runs('go', ['version'])) return { ok: false, reason: 'no `go` on this machine' }
  if (!runs('go', ['mod', 'download'], GO))
    return { ok: false, reason: 'the Go modules cannot be downloaded' }
  const program = join(folder, 'scenario')
  const built = run('go', ['build', '-o', program, '.'], GO)
  if (built.status !== 0) throw new Error(`the Go scenario does not build:\n${built.stderr}`)
  return { ok: true, command: program, args: [] }
}

/** Makes a virtual environment in `folder`. A package that cannot be fetched is a reason to skip. */
export function preparePython(folder: string): Prepared {
  if (!runs('python3', ['-c', 'import sys, venv, ensurepip; assert sys.version_info >= (3, 10)'])) {
    return { ok: false, reason: 'no `python3` of 3.10 or newer with venv on this machine' }
  }
  const home = join(folder, 'venv')
  if (!runs('python3', ['-m', 'venv', home]))
    return { ok: false, reason: 'no virtual environment can be made' }
  const python = join(home, 'bin', 'python')
  const requirements = join(PYTHON, 'requirements.txt')
  if (!runs(python, ['-m', 'pip', 'install', '--quiet', '-r', requirements])) {
    return { ok: false, reason: 'the Python packages cannot be downloaded' }
  }
  return { ok: true, command: python, args: [join(PYTHON, 'scenario.py')] }
}

function runs(command: string, args: readonly string[], cwd?: string): boolean {
  return run(command, args, cwd).status === 0
}

function run(command: string, args: readonly string[], cwd?: string) {
  // biome-ignore lint/style/noProcessEnv: package managers need the machine's own settings (proxies, caches).
  const env = { ...process.env, GOTOOLCHAIN: 'local', GOFLAGS: '-mod=readonly' }
  return spawnSync(command, args, { cwd, env, encoding: 'utf8', timeout: 120_000 })
}
