/**
 * `npx node test/bench/report/page.ts FILE.json…`: adds runs to the known results and writes
 * docs/performance.md, the pages and plots under docs/performance/, and docs/design/capacity.md, between
 * their marks. Nobody edits these parts by hand.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { constants, model } from './capacity.ts'
import { between } from './markdown.ts'
import { plots } from './plots.ts'
import { add, NO_RESULTS, type Results, type Run } from './results.ts'
import { sections } from './sections.ts'

/**
 * Pages with generated parts. A part without marks anywhere becomes a chapter at the end of the first one.
 */
export const PAGES = [
  'performance.md',
  'performance/fan-out.md',
  'performance/connections.md',
  'performance/publishing.md',
  'performance/presence.md',
  'performance/compression.md',
  'performance/million.md',
  'performance/curves.md',
  'design/capacity.md',
] as const

const DOCS = fileURLToPath(new URL('../../../docs/', import.meta.url))

/** `docs`: the folder that has {@link PAGES}. */
export function writePages(runs: readonly Run[], docs = DOCS): void {
  const folder = join(docs, 'performance')
  const file = join(folder, 'results.json')
  mkdirSync(folder, { recursive: true })
  const known = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Results) : NO_RESULTS
  const results = runs.reduce(add, known)
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`)
  for (const [name, svg] of plots(results)) writeFileSync(join(folder, name), svg)
  fill(docs, new Map([...sections(results), ['constants', constants(results)], ['model', model(results)]]))
}

function fill(docs: string, contents: ReadonlyMap<string, string>): void {
  const pages = new Map<string, string>(PAGES.map((page) => [page, readFileSync(join(docs, page), 'utf8')]))
  for (const [name, content] of contents) {
    const [page = PAGES[0]] = [...pages].find(([, text]) => text.includes(`<!-- ${name} -->`)) ?? []
    pages.set(page, between(pages.get(page) ?? '', name, content))
  }
  for (const [page, text] of pages) writeFileSync(join(docs, page), text)
}

if (import.meta.main) {
  // Through JSON in any case, so that a page does not depend on how a run reached it.
  writePages(process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8')) as Run))
}
