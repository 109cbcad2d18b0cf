/** The parts of a local cluster that this machine can run. */
import { execFile } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Env } from '../command.ts'

export interface Machine {
  /** Paths of the binaries. */
  readonly redisServer: string | undefined
  readonly nginx: string | undefined
  /** A Docker engine answers. */
  readonly docker: boolean
}

/** Debian installs servers in sbin, which is not on the PATH of every user. */
const SERVER_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin']

/** Path of the first executable of that name on PATH or in {@link SERVER_FOLDERS}. */
export function which(name: string, env: Env): string | undefined {
  return [...(env['PATH'] ?? '').split(delimiter), ...SERVER_FOLDERS]
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    // A missing file and a file without permission are equally unusable.
    return false
  }
}

/** A Docker engine that does not answer in this time counts as absent. */
const DOCKER_TIMEOUT_MS = 4000

export const hasDocker = (env: Env): Promise<boolean> =>
  new Promise((resolve) => {
    const docker = which('docker', env)
    if (docker === undefined) return resolve(false)
    const args = ['version', '--format', '{{.Server.Version}}']
    execFile(docker, args, { timeout: DOCKER_TIMEOUT_MS }, (error) => resolve(error === null))
  })

/** Queries Docker only if a binary is missing, because the query is slow. */
export async function probeMachine(env: Env): Promise<Machine> {
  const redisServer = which('redis-server', env)
  const nginx = which('nginx', env)
  const complete = redisServer !== undefined && nginx !== undefined
  return { redisServer, nginx, docker: complete ? false : await hasDocker(env) }
}
