/** A copy of the manifests with the secrets of an operator, which the repository lacks. */
import { chmodSync, cpSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../../', import.meta.url))
/** The folders that kustomize reads. */
const FOLDERS = ['k8s/base', 'k8s/overlays', 'nginx', 'deploy/redis'] as const

export type Secrets = Readonly<Record<string, string>>

/** Valid values for every name of k8s/overlays/prod/secrets.env.example. */
export const STUB_SECRETS: Secrets = {
  SKEIN_REDIS_URL: 'rediss://user:password@redis.example:6380',
  SKEIN_TOKEN_HMAC_SECRET: 'x'.repeat(64),
  SKEIN_TOKEN_HMAC_SECRET_PREVIOUS: '',
  SKEIN_API_KEY: 'y'.repeat(32),
  SKEIN_API_KEY_PREVIOUS: '',
}

/** Path of a temporary copy, readable for the users of containers; the caller removes it. */
export function copyManifests(secrets: Secrets): string {
  const copy = mkdtempSync(join(tmpdir(), 'skein-k8s-'))
  chmodSync(copy, 0o755)
  for (const folder of FOLDERS) cpSync(join(ROOT, folder), join(copy, folder), { recursive: true })
  const lines = Object.entries(secrets).map(([name, value]) => `${name}=${value}\n`)
  writeFileSync(join(copy, 'k8s/overlays/prod/secrets.env'), lines.join(''))
  return copy
}
