/**
 * The state file of a running local cluster, one per endpoint port, in the state directory of the user.
 * It holds the secrets of the cluster, so only the user can read it. `skein up` removes it at stop.
 * Readers ignore a file whose process no longer exists.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { type Env, Failure } from './command.ts'
import type { SigningSettings } from './signing.ts'

export interface ClusterState {
  /** The `skein up` process. */
  readonly pid: number
  /** `http://localhost:8000`. */
  readonly endpoint: string
  readonly port: number
  /** Base URLs of the internal ports. */
  readonly internal: readonly string[]
  /** Empty for the embedded broker. */
  readonly redisUrl: string
  readonly signing: SigningSettings
  readonly apiKey: string
  /** Folder of logs and data. */
  readonly folder: string
}

/** `$XDG_STATE_HOME/skein` (XDG Base Directory Specification). */
export const stateFolder = (env: Env): string =>
  join(env['XDG_STATE_HOME'] || join(env['HOME'] || homedir(), '.local', 'state'), 'skein')

export const stateFile = (env: Env, port: number): string => join(stateFolder(env), `cluster-${port}.json`)

/** Writes a temporary file and renames it, so readers never see a partial file. */
export function writeState(env: Env, state: ClusterState): void {
  const file = stateFile(env, state.port)
  mkdirSync(stateFolder(env), { recursive: true, mode: 0o700 })
  writeFileSync(`${file}.${state.pid}`, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${file}.${state.pid}`, file)
}

/** Removes the folder as well if it is empty. */
export function removeState(env: Env, port: number): void {
  rmSync(stateFile(env, port), { force: true })
  try {
    rmdirSync(stateFolder(env))
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code !== 'ENOTEMPTY' && code !== 'ENOENT') throw error
  }
}

/** The running local clusters, lowest port first. */
export function runningClusters(env: Env): ClusterState[] {
  return fileNames(stateFolder(env))
    .filter((name) => /^cluster-\d+\.json$/.test(name))
    .map((name) => JSON.parse(readFileSync(join(stateFolder(env), name), 'utf8')) as ClusterState)
    .filter(({ pid }) => isAlive(pid))
    .toSorted((a, b) => a.port - b.port)
}

/**
 * The cluster on `port`, or the only one; `undefined` if none runs. Throws {@link Failure} if several run.
 */
export function findCluster(env: Env, port?: number): ClusterState | undefined {
  const running = runningClusters(env)
  if (port !== undefined) return running.find((state) => state.port === port)
  if (running.length > 1) {
    const ports = running.map((state) => state.port).join(', ')
    throw new Failure(`several local clusters run (ports ${ports}): choose one with --port N`)
  }
  return running[0]
}

function fileNames(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: the process exists and belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
