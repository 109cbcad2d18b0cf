/** The folders whose sources are held to the language rules, and the sources of all folders. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkLanguage } from './check.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const SOURCES = '{packages,apps,test,nginx,k8s,deploy,.ci}/**/*.{ts,tsx,lua,yaml,yml}'

/** Held: a problem in one of them fails `npm run check`. */
export const HELD: readonly string[] = [
  ...['chat', 'client', 'core', 'protocol', 'redis', 'testkit'].map((name) => `packages/${name}`),
  ...['cli', 'node', 'web'].map((name) => `apps/${name}`),
  ...['deploy', 'k8s', 'nginx', 'test'],
]

/** Their strings are the words that are ruled out. */
const EXEMPT = [
  'test/unit/language/check.ts',
  'test/unit/language.test.ts',
  'test/unit/docs/language.test.ts',
]

/** All problems by folder. Every package and application is one folder. */
export function problemsByFolder(): Map<string, string[]> {
  const problems = new Map<string, string[]>()
  for (const path of paths()) {
    const folder = folderOf(path)
    const found = EXEMPT.includes(path) ? [] : checkLanguage(path, readFileSync(join(ROOT, path), 'utf8'))
    problems.set(folder, [...(problems.get(folder) ?? []), ...found])
  }
  return problems
}

const paths = (): string[] =>
  globSync(SOURCES, { cwd: ROOT, exclude: (name) => ['node_modules', 'dist', 'gen'].includes(name) })
    .map((path) => path.replaceAll('\\', '/'))
    .toSorted()

/** `packages/core`, `apps/node`, `test`. */
function folderOf(path: string): string {
  const [top = '', second = ''] = path.split('/')
  return top === 'packages' || top === 'apps' ? `${top}/${second}` : top
}
