/** What the built app is made from, as one hash: how one knows whether it must be built again. */
import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const WORKSPACE = fileURLToPath(new URL('../../../', import.meta.url))

/** Sources, configuration, and the libraries' versions. Tests are not part of it. */
const MADE_FROM = [
  'apps/web/app/**/*.{ts,tsx,css}',
  'apps/web/src/user-id.ts',
  'apps/web/static/*',
  'apps/web/index.html',
  'apps/web/vite.config.ts',
  'apps/web/package.json',
  'packages/client/src/**/*.ts',
  'packages/client/package.json',
]

/** Of contents, not of times: a checkout or a copied folder changes those. */
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
