/** The manifests as objects: rendered by an installed kubectl, or read from the files of the base. */
import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { parse } from 'yaml'
import { copyManifests, ROOT, type Secrets, STUB_SECRETS } from './copy.ts'
import { type K8sObject, parseObjects } from './objects.ts'

export const OVERLAYS = ['k8s/base', 'k8s/overlays/dev', 'k8s/overlays/prod'] as const

/** True if kubectl, which includes kustomize, is installed. */
export const hasKubectl = ((): boolean => {
  try {
    execFileSync('kubectl', ['kustomize', '--help'], { stdio: 'pipe' })
    return true
  } catch {
    // kubectl is not installed; test/containers checks the overlays with the kubectl image.
    return false
  }
})()

const rendered = new Map<string, readonly K8sObject[]>()

/** The output of `kubectl kustomize` with {@link STUB_SECRETS}, cached per folder. */
export function render(folder: string): readonly K8sObject[] {
  const objects = rendered.get(folder) ?? parseObjects(kustomize(folder))
  rendered.set(folder, objects)
  return objects
}

function kustomize(folder: string, secrets: Secrets = STUB_SECRETS): string {
  const copy = copyManifests(secrets)
  try {
    return execFileSync('kubectl', ['kustomize', join(copy, folder)], { encoding: 'utf8', stdio: 'pipe' })
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

/** Renders the production overlay with these secrets. */
export const renderProduction = (secrets: Secrets): readonly K8sObject[] =>
  parseObjects(kustomize('k8s/overlays/prod', secrets))

interface Kustomization {
  readonly resources?: readonly string[]
  readonly configMapGenerator?: readonly Generator[]
}
interface Generator {
  readonly name: string
  readonly files?: readonly string[]
  readonly envs?: readonly string[]
  readonly literals?: readonly string[]
}

/** The base without kustomize: its files and generated ConfigMaps. Does not apply patches and labels. */
export function readFiles(folder: string): readonly K8sObject[] {
  const kustomization = parse(readFileSync(join(ROOT, folder, 'kustomization.yaml'), 'utf8')) as Kustomization
  const { resources = [], configMapGenerator = [] } = kustomization
  return [
    ...configMapGenerator.map((generator) => generated(join(ROOT, folder), generator)),
    ...resources.flatMap((resource) =>
      resource.endsWith('.yaml')
        ? parseObjects(readFileSync(join(ROOT, folder, resource), 'utf8'))
        : readFiles(join(folder, resource)),
    ),
  ]
}

function generated(folder: string, { name, files = [], envs = [], literals = [] }: Generator): K8sObject {
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8')
  const lines = [...literals, ...envs.flatMap((file) => read(file).split('\n'))]
  const settings = lines.filter((line) => line.includes('=') && !line.startsWith('#'))
  return {
    kind: 'ConfigMap',
    metadata: { name },
    data: {
      ...Object.fromEntries(
        settings.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
      ),
      ...Object.fromEntries(
        files.map((file) => [file.slice(dirname(file) === '.' ? 0 : dirname(file).length + 1), read(file)]),
      ),
    },
  }
}
