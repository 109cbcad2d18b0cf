/** The Docker engine, by the docker command. Without an engine the tests of this folder are skipped. */
import { execFile, execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { copyManifests, STUB_SECRETS } from '../../k8s/testing/copy.ts'
import { type K8sObject, parseObjects } from '../../k8s/testing/objects.ts'

export const ROOT = fileURLToPath(new URL('../../', import.meta.url))
export const NODE_IMAGE = 'skein-node:dev'
export const NGINX_IMAGE = 'nginx:1.30-alpine'
export const REDIS_IMAGE = 'redis:8-alpine'
export const VALKEY_IMAGE = 'valkey/valkey:9'
export const PROMETHEUS_IMAGE = 'prom/prometheus:v3.5.0'
export const KUBECTL_IMAGE = 'registry.k8s.io/kubectl:v1.36.0'

/** True if an engine answers. */
export const hasEngine = answers(['info', '--format', '{{.ServerVersion}}'])
/** True if `docker compose` exists as well. */
export const hasCompose = hasEngine && answers(['compose', 'version'])
if (!hasEngine) console.warn('no Docker engine answers: the container tests are skipped')

const run = promisify(execFile)

/** Resolves with the trimmed standard output of `docker …`. Rejects with its standard error. */
export async function docker(...args: readonly string[]): Promise<string> {
  const { stdout } = await run('docker', args, { cwd: ROOT, maxBuffer: 64 * 1024 * 1024 })
  return stdout.trim()
}

/** Resolves with the exit code and both outputs; nginx and promtool write to standard error. */
export async function dockerOutput(
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly output: string }> {
  try {
    const { stdout, stderr } = await run('docker', args, { cwd: ROOT })
    return { code: 0, output: stdout + stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { code, output: stdout + stderr }
  }
}

/** Renders a folder of manifests with the kubectl image. */
export async function renderInContainer(folder: string): Promise<readonly K8sObject[]> {
  const copy = copyManifests(STUB_SECRETS)
  try {
    const mount = `${copy}:/repository:ro`
    return parseObjects(
      await docker('run', '--rm', '-v', mount, KUBECTL_IMAGE, 'kustomize', `/repository/${folder}`),
    )
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

let built: Promise<string> | undefined

/** Builds the node image once per test file. The host network reaches registries that a bridge may not. */
export function buildNodeImage(): Promise<string> {
  built ??= docker('build', '--network=host', '-f', 'deploy/Dockerfile', '-t', NODE_IMAGE, '.')
  return built
}

function answers(args: readonly string[]): boolean {
  try {
    execFileSync('docker', args, { stdio: 'pipe' })
    return true
  } catch {
    // No engine answers; the run reports the skipped tests.
    return false
  }
}
