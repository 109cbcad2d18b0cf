/**
 * What a running local cluster tells the other commands: one file per endpoint port in the user's state directory, readable
 * by the user alone, because it holds the cluster's secrets. It is removed at stop; one whose process is gone is ignored.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { type Env, Failure } from './command.ts'
import type { SigningSettings } from './signing.ts'

export interface ClusterState {
  /** Of `skein up`. */
  readonly pid: number
  /** `http://localhost:8000`. */
  readonly endpoint: string
  readonly port: number
  /** Base URLs of the nodes' internal ports. */
  readonly internal: readonly string[]
  /** Empty: the embedded broker. */
  readonly redisUrl: string
  readonly signing: SigningSettings
  readonly apiKey: string
  /** Logs and data. */
  readonly folder: string
}

/** `$XDG_STATE_HOME/skein`, as the XDG base directory specification has it. */
export const stateFolder = (env: Env): string =>
  join(env['XDG_STATE_HOME'] || join(env['HOME'] || homedir(), '.local', 'state'), 'skein')

export const stateFile = (env: Env, port: number): string => join(stateFolder(env), `cluster-${port}.json`)

/** Readers see the whole file or none: it is written aside and renamed. */
export function writeState(env: Env, state: ClusterState): void {
  const file = stateFile(env, state.port)
  mkdirSync(stateFolder(env), { recursive: true, mode: 0o700 })
  writeFileSync(`${file}.${state.pid}`, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${file}.${state.pid}`, file)
}

/** Also removes the folder when nothing is left in it. */
export function removeState(env: Env, port: number): void {
  rmSync(stateFile(env, port), { force: true })
  try {
    rmdirSync(stateFolder(env))
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code !== 'ENOTEMPTY' && code !== 'ENOENT') throw error
  }
}

/** The local clusters that run now, lowest port first. */
export function runningClusters(env: Env): ClusterState[] {
  return fileNames(stateFolder(env))
    .filter((name) => /^cluster-\d+\.json$/.test(name))
    .map((name) => JSON.parse(readFileSync(join(stateFolder(env), name), 'utf8')) as ClusterState)
    .filter(({ pid }) => isAlive(pid))
    .toSorted((a, b) => a.port - b.port)
}

/** The cluster on `port`, or the only one there is; `undefined` when none runs. Throws {@link Failure} if in doubt. */
export function findCluster(env: Env, port?: number): ClusterState | undefined {
  const running = runningClusters(env)
  if (port !== undefined) return running.find((state) => state.port === port)
  if (running.length > 1) {
    const ports = running.map((state) => state.port).join(', ')
    throw new Failure(`several local clusters run (ports ${ports}): say which with --port`)
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
    // EPERM: it is there, and somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
