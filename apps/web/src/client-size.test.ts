/**
 * The size of the chat client, minified by Vite and compressed by gzip. docs/guides/chat.md states the same
 * numbers.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { expect, test } from 'vitest'

const fileOf = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url))
const CLIENT = 'packages/client/src/index.ts'
const HOOKS = 'packages/client/src/react/index.ts'

/** Size in kB of 1000 bytes. `external` lists modules that the page already has. */
async function sizeOf(entry: string, external: readonly (string | RegExp)[]): Promise<number> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      target: 'baseline-widely-available',
      modulePreload: false,
      rolldownOptions: {
        input: fileOf(entry),
        external: [...external],
        preserveEntrySignatures: 'strict',
      },
    },
  })
  const outputs = 'output' in built ? built.output : []
  const code = outputs.map((file) => (file.type === 'chunk' ? file.code : '')).join('')
  expect(code).toContain('export')
  return gzipSync(code).length / 1000
}

const documented = readFileSync(fileOf('docs/guides/chat.md'), 'utf8')

test.each([
  { what: 'the client', entry: CLIENT, external: ['centrifuge'], most: 12 },
  { what: 'the client with the SDK', entry: CLIENT, external: [], most: 35 },
  { what: 'the hooks', entry: HOOKS, external: ['react', /index\.ts$/], most: 1 },
])(
  '$what has at most $most kB, and about as much as is documented',
  async ({ what, entry, external, most }) => {
    const size = await sizeOf(entry, external)
    expect(size).toBeLessThanOrEqual(most)
    const [, measured, bound] =
      new RegExp(`\\| ${what} \\| ([\\d.]+) kB \\| (\\d+) kB \\|`).exec(documented) ?? []
    expect(Number(bound)).toBe(most)
    expect(Math.abs(Number(measured) - size)).toBeLessThan(0.5)
  },
)
