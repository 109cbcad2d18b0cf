/** The temporary folder of one local cluster and the names derived from it. Only the user can read it. */
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Env } from '../command.ts'

export interface Workspace {
  readonly folder: string
  readonly env: Env
  /** Password of the private Redis, because other users of the machine can connect to loopback ports. */
  readonly password: string
  folderFor(part: string): string
  logFile(part: string): string
  containerName(part: string): string
}

export function makeWorkspace(env: Env): Workspace {
  const folder = mkdtempSync(join(tmpdir(), 'skein-up-'))
  const folderFor = (part: string): string => {
    const path = join(folder, part)
    mkdirSync(path, { recursive: true, mode: 0o700 })
    return path
  }
  const logs = folderFor('logs')
  return {
    folder,
    env,
    password: randomBytes(18).toString('hex'),
    folderFor,
    logFile: (part) => join(logs, `${part}.log`),
    containerName: (part) => `${basename(folder)}-${part}`,
  }
}
