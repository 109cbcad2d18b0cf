/** What this machine has that a local cluster can be made of. */
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

/** Debian keeps servers in sbin, which is not on every user's PATH. */
const SERVER_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin']

/** The first executable of that name on PATH (and, for servers, in sbin). */
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
    // Not there, or not ours to run: either way it cannot be used, which is all that is asked.
    return false
  }
}

/** How long a Docker engine may take to answer; a hung one counts as absent. */
const DOCKER_TIMEOUT_MS = 4000

export const hasDocker = (env: Env): Promise<boolean> =>
  new Promise((resolve) => {
    const docker = which('docker', env)
    if (docker === undefined) return resolve(false)
    const args = ['version', '--format', '{{.Server.Version}}']
    execFile(docker, args, { timeout: DOCKER_TIMEOUT_MS }, (error) => resolve(error === null))
  })

/** Docker is asked only when a binary is missing, since asking takes time. */
export async function lookAround(env: Env): Promise<Machine> {
  const redisServer = which('redis-server', env)
  const nginx = which('nginx', env)
  const complete = redisServer !== undefined && nginx !== undefined
  return { redisServer, nginx, docker: complete ? false : await hasDocker(env) }
}
