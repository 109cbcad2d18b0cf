/** A real nginx with the rendered configuration, in a temporary folder; it ends with the test. */
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, startChild, waitFor } from '@skein/testkit'
import { onTestFinished } from 'vitest'
import type { NginxOptions } from '../options.ts'
import { nginxArguments, renderNginx } from '../render.ts'

/** True if nginx is installed. */
export const hasNginx = succeeds('nginx', ['-v'])
export const hasOpenssl = succeeds('openssl', ['version'])

export interface RunningNginx {
  readonly port: number
  readonly url: string
  readonly tlsUrl: string
  /** The access log and the error log up to now. */
  logs(): { readonly access: string; readonly errors: string }
}

export type Chosen = Omit<NginxOptions, 'dir' | 'listen' | 'tls'> & { readonly tls?: boolean }

export async function startNginx(chosen: Chosen): Promise<RunningNginx> {
  const { tls, ...options } = chosen
  const dir = scratch()
  const [port, tlsPort] = [await freePort(), await freePort()]
  const file = join(dir, 'nginx.conf')
  const text = renderNginx({
    dir,
    listen: `127.0.0.1:${port}`,
    ...(tls === true ? { tls: { ...certificate(dir), listen: `127.0.0.1:${tlsPort}`, port: tlsPort } } : {}),
    ...options,
  })
  writeFileSync(file, text)
  const child = await startChild({ name: 'nginx', command: 'nginx', args: nginxArguments(file) })
  onTestFinished(async () => void (await child.stop()))
  await waitFor('nginx to listen', () => child.logs().includes('start worker processes'))
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    tlsUrl: `https://127.0.0.1:${tlsPort}`,
    logs: () => ({ access: readFileSync(join(dir, 'access.log'), 'utf8'), errors: child.logs() }),
  }
}

/** Runs `nginx -t`; throws with its output if the configuration is invalid. */
export function check(text: string, dir: string): void {
  const file = join(dir, 'nginx.conf')
  writeFileSync(file, text)
  execFileSync('nginx', ['-t', ...nginxArguments(file)], { stdio: 'pipe' })
}

/** A folder that is removed with the test. The workers of an nginx started by root run as another user. */
export function scratch(): string {
  const dir = mkdtempSync(join(tmpdir(), 'skein-nginx-'))
  chmodSync(dir, 0o755)
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** A self-signed certificate for this machine. */
export function certificate(dir: string): { readonly certificate: string; readonly key: string } {
  const files = { certificate: join(dir, 'tls.crt'), key: join(dir, 'tls.key') }
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost']
  const out = ['-keyout', files.key, '-out', files.certificate, '-days', '2']
  execFileSync('openssl', ['req', '-x509', ...curve, ...names, ...out], { stdio: 'pipe' })
  return files
}

function succeeds(command: string, args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'pipe' })
    return true
  } catch {
    // The program is not installed; the tests that require it are skipped and reported.
    return false
  }
}
