/** The repository's sources and package.json files in the form of the checks. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Manifest } from './check.ts'
import { LAYERS } from './rules.ts'
import type { Source } from './source.ts'

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

/** Applications that are served as one bundle: their parts are no dependencies of an installed server. */
const BUNDLED = ['apps/web']

/** Their strings are seeded violations. */
const SEEDS = ['test/unit/layers.test.ts', 'test/unit/rooms.test.ts']

export const readSources = (): Source[] =>
  globSync(['{packages,apps,test,nginx,k8s,deploy}/**/*.{ts,tsx}', '*.ts'], {
    cwd: ROOT,
    exclude: (name) => name === 'node_modules' || name === 'dist' || name === 'gen',
  })
    .filter((path) => !/(^|\/)(node_modules|dist|gen)\//.test(path) && !SEEDS.includes(path))
    .map((path) => ({
      path: path.replaceAll('\\', '/'),
      text: readFileSync(join(ROOT, path), 'utf8'),
    }))

export const readManifests = (): Manifest[] =>
  ['', ...Object.values(LAYERS).map(({ folder }) => folder)]
    .map((folder) => join(folder, 'package.json'))
    .filter((path) => existsSync(join(ROOT, path)))
    .map(readManifest)

function readManifest(path: string): Manifest {
  const json = JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as {
    name: string
    exports?: string | Record<string, string>
    dependencies?: Record<string, string>
    devDependencies?: Record<string, string>
    peerDependencies?: Record<string, string>
  }
  const built = BUNDLED.includes(dirname(path)) ? Object.keys(json.devDependencies ?? {}) : []
  return {
    folder: dirname(path) === '.' ? '' : dirname(path),
    dependencies: Object.keys(json.dependencies ?? {}),
    devDependencies: Object.keys(json.devDependencies ?? {}),
    also: [...Object.keys(json.peerDependencies ?? {}), ...built],
    doors: Object.keys(typeof json.exports === 'object' ? json.exports : { '.': '' }).map((door) =>
      posix.join(json.name, door),
    ),
  }
}
