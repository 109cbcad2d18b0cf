/** The manifests as objects: rendered by kubectl where there is one, the base also from its files as they are. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { type K8sObject, parseObjects } from './objects.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
export const OVERLAYS = ['k8s/base', 'k8s/overlays/dev', 'k8s/overlays/prod'] as const

/** Whether this machine can render: kubectl has kustomize inside. */
export const hasKubectl = ((): boolean => {
  try {
    execFileSync('kubectl', ['kustomize', '--help'], { stdio: 'pipe' })
    return true
  } catch {
    // Not on this machine: the overlays are then checked in test/containers, by the image's kubectl.
    return false
  }
})()

const rendered = new Map<string, readonly K8sObject[]>()

/** As `kubectl kustomize` prints it; each folder once. */
export function render(folder: string): readonly K8sObject[] {
  const objects = rendered.get(folder) ?? parseObjects(kustomize(folder))
  rendered.set(folder, objects)
  return objects
}

function kustomize(folder: string): string {
  return execFileSync('kubectl', ['kustomize', join(ROOT, folder)], { encoding: 'utf8', stdio: 'pipe' })
}

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

/** The base without kustomize: its files and what its generators say. Patches and labels are not applied. */
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
