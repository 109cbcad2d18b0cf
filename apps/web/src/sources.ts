/** A hash of the app's sources, which determines whether the app must be rebuilt. */
import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const WORKSPACE = fileURLToPath(new URL('../../../', import.meta.url))

/** Sources, configuration and package manifests, without tests. */
const MADE_FROM = [
  'apps/web/app/**/*.{ts,tsx,css}',
  'apps/web/src/{build,compress,user-id}.ts',
  'apps/web/static/*',
  'apps/web/index.html',
  'apps/web/vite.config.ts',
  'apps/web/package.json',
  'packages/client/src/**/*.ts',
  'packages/client/package.json',
]

/** A hash of contents, since a checkout or a copy changes file times. */
export function hashOfSources(): string {
  const hash = createHash('sha256')
  const files = globSync(MADE_FROM, { cwd: WORKSPACE }).filter(
    (file) => !/\.test\.tsx?$|\/testing\//.test(file),
  )
  for (const file of files.sort())
    hash
      .update(`${file}\0`)
      .update(readFileSync(`${WORKSPACE}${file}`))
      .update('\0')
  return hash.digest('hex')
}
