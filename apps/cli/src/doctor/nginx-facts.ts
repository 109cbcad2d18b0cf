/** Reads the version of the installed nginx and tests the configuration of `skein up` with it. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { renderNginx } from '../../../../nginx/render.ts'
import { freePorts } from '../up/free-port.ts'
import type { NginxFacts } from './facts.ts'

export async function nginxFacts(path: string | undefined): Promise<NginxFacts> {
  if (path === undefined) return { kind: 'none' }
  const { output } = await ask(path, ['-v'])
  const version = /nginx\/(\S+)/.exec(output)?.[1] ?? '0'
  return { kind: 'found', version, problem: await configProblem(path) }
}

/** The first error of `nginx -t`; `undefined` if it accepts the configuration. */
async function configProblem(path: string): Promise<string | undefined> {
  const dir = await mkdtemp(join(tmpdir(), 'skein-doctor-'))
  try {
    const [port] = await freePorts(1)
    const file = join(dir, 'nginx.conf')
    await writeFile(file, renderNginx({ dir, listen: `127.0.0.1:${port}`, nodes: ['127.0.0.1:9'] }))
    const { code, output } = await ask(path, ['-t', '-e', 'stderr', '-c', file])
    return code === 0 ? undefined : (/\[emerg\] (.*)/.exec(output)?.[1] ?? output.trim())
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

const ask = (path: string, args: string[]): Promise<{ readonly code: number; readonly output: string }> =>
  new Promise((resolve) => {
    execFile(path, args, { timeout: 5000 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : 1, output: stdout + stderr }),
    )
  })
