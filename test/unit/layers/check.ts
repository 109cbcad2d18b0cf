/**
 * The layer rule: every import of every source against the table. Pure over a list of sources, which tests
 * can seed.
 */
import { posix } from 'node:path'
import { cycles } from './cycles.ts'
import { type Import, importsOf } from './imports.ts'
import { CORE_FORBIDDEN, LAYERS, OWNED, TEST_ONLY, TOP_LEVEL_DOORS } from './rules.ts'
import { isTestPath, type Source } from './source.ts'

/** The declarations of a package.json. `folder` '' is the repository's root. */
export interface Manifest {
  readonly folder: string
  readonly dependencies: readonly string[]
  /** Other packages that its code may import: peers, and those that a bundled application is built from. */
  readonly also?: readonly string[]
  readonly devDependencies: readonly string[]
  /** The specifiers in its `exports`: `@skein/testkit`, `@skein/testkit/contracts`. */
  readonly doors: readonly string[]
}

/** Sentences of the form `path:line problem`. Empty: the layers hold. */
export function checkLayers(sources: readonly Source[], manifests: readonly Manifest[]): string[] {
  const problems: string[] = []
  const used = new Map<string, Set<string>>()
  const doors = manifests.flatMap((manifest) => manifest.doors)
  for (const source of sources) {
    const from = placeOf(source.path)
    for (const found of importsOf(source.text)) {
      const say = (what: string) => problems.push(`${source.path}:${found.line} ${what}`)
      checkImport(source.path, from, found, doors, say)
      if (isBare(found.specifier)) checkDeclared(from, found.specifier, manifests, used, say)
    }
  }
  problems.push(...unused(manifests, used), ...cycles(sources))
  return problems
}

/** The package of a file, and whether it is a test. */
interface Place {
  readonly name: string | undefined
  readonly folder: string
  readonly test: boolean
}

function placeOf(path: string): Place {
  const entry = Object.entries(LAYERS).find(([, layer]) => path.startsWith(`${layer.folder}/`))
  const test = isTestPath(path) || entry?.[0] === TEST_ONLY
  if (entry !== undefined) return { name: entry[0], folder: entry[1].folder, test }
  const stray = /^(packages|apps)\/[^/]+/.exec(path)
  return { name: stray?.[0], folder: stray?.[0] ?? '', test }
}

const isBare = (specifier: string) => !specifier.startsWith('.') && !specifier.startsWith('node:')

/** `@scope/name/deep` -> `@scope/name`, `name/deep` -> `name`. */
export const packageOf = (specifier: string) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')

function checkImport(
  path: string,
  from: Place,
  { specifier }: Import,
  doors: readonly string[],
  say: (what: string) => void,
): void {
  const target = packageOf(specifier)
  if (specifier.startsWith('.')) checkRelative(path, from, specifier, say)
  else if (specifier.startsWith('node:')) checkBuiltin(from, specifier, say)
  else if (target.startsWith('@skein/')) checkOwn(from, specifier, target, doors, say)
  else checkLibrary(from, target, say)
}

function checkLibrary(from: Place, target: string, say: (what: string) => void): void {
  const owned = OWNED.find(({ library }) => library.test(target))
  if (owned !== undefined && owned.owner !== from.name && !from.test) {
    say(`imports ${target}, which only ${owned.owner} may`)
  }
}

function checkRelative(path: string, from: Place, specifier: string, say: (what: string) => void): void {
  const target = posix.join(posix.dirname(path), specifier)
  const to = placeOf(target)
  const door = from.name !== undefined && TOP_LEVEL_DOORS[target]?.includes(from.name) === true
  if (to.test && !from.test) say(`imports ${target}, which is for tests`)
  if (from.name !== to.name && !door)
    say(`reaches ${target} by a relative path: use the package's exports door`)
}

function checkBuiltin(from: Place, specifier: string, say: (what: string) => void): void {
  if (from.test || from.name === undefined) return
  if (LAYERS[from.name]?.browser === true) say(`imports ${specifier}, but ${from.name} runs in browsers too`)
  if (from.name === '@skein/core' && CORE_FORBIDDEN.test(specifier)) {
    say(`imports ${specifier}: core knows no socket, HTTP, file or process`)
  }
}

function checkOwn(
  from: Place,
  specifier: string,
  target: string,
  doors: readonly string[],
  say: (what: string) => void,
): void {
  if (LAYERS[target] === undefined) say(`imports ${target}, which is in no row of the layer table`)
  if (specifier !== target && !doors.includes(specifier)) {
    say(`imports ${specifier}, which is no door of ${target}: see "exports" of its package.json`)
  }
  if (from.name === undefined || from.name === target) return
  if (target === TEST_ONLY) {
    if (!from.test) say(`imports ${TEST_ONLY}, which only tests may`)
    return
  }
  const layer = LAYERS[from.name]
  if (layer === undefined) say(`${from.name} is in no row of the layer table`)
  else if (!layer.imports.includes(target)) say(`imports ${target}, which ${from.name} may not`)
}

/**
 * An import must be declared by its own package.json; tests may also use the root's development dependencies.
 */
function checkDeclared(
  from: Place,
  specifier: string,
  manifests: readonly Manifest[],
  used: Map<string, Set<string>>,
  say: (what: string) => void,
): void {
  const name = packageOf(specifier)
  used.set(from.folder, (used.get(from.folder) ?? new Set()).add(name))
  if (from.name === name || name.startsWith('#')) return
  const own = manifests.find((manifest) => manifest.folder === from.folder)
  if (own?.dependencies.includes(name) || own?.also?.includes(name)) return
  const root = manifests.find((manifest) => manifest.folder === '')
  const forTests = [...(own?.devDependencies ?? []), ...(root?.devDependencies ?? [])]
  // Files outside the packages see the whole workspace: npm links every package into the root's node_modules.
  if (from.test && (forTests.includes(name) || LAYERS[name] !== undefined)) return
  if (from.folder === '' && forTests.includes(name)) return
  say(`imports ${name}, which ${posix.join(from.folder, 'package.json')} does not declare`)
}

/** Dependencies that nothing imports. */
function unused(manifests: readonly Manifest[], used: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  return manifests
    .filter(({ folder }) => folder !== '')
    .flatMap(({ folder, dependencies }) =>
      dependencies
        .filter((name) => used.get(folder)?.has(name) !== true)
        .map((name) => `${folder}/package.json declares ${name}, which nothing there imports`),
    )
}
