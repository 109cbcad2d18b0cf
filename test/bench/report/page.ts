/**
 * `node test/bench/report/page.ts FILE.json…`: adds runs to what is known, and writes docs/performance.md, docs/design/capacity.md
 * and the plots of it, between their marks. What stands there is nobody's to edit: measured numbers come from a run.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { constants, model } from './capacity.ts'
import { between } from './markdown.ts'
import { plots } from './plots.ts'
import { add, NO_RESULTS, type Results, type Run } from './results.ts'
import { sections } from './sections.ts'

const DOCS = fileURLToPath(new URL('../../../docs/', import.meta.url))

/** `docs`: the folder of the pages, with `performance.md` and `design/capacity.md` in it. */
export function writePages(runs: readonly Run[], docs = DOCS): void {
  const folder = join(docs, 'performance')
  const file = join(folder, 'results.json')
  mkdirSync(folder, { recursive: true })
  const known = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Results) : NO_RESULTS
  const results = runs.reduce(add, known)
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`)
  for (const [name, svg] of plots(results)) writeFileSync(join(folder, name), svg)
  fill(join(docs, 'performance.md'), sections(results))
  fill(
    join(docs, 'design/capacity.md'),
    new Map([
      ['constants', constants(results)],
      ['model', model(results)],
    ]),
  )
}

function fill(file: string, contents: ReadonlyMap<string, string>): void {
  let page = readFileSync(file, 'utf8')
  for (const [name, content] of contents) page = between(page, name, content)
  writeFileSync(file, page)
}

if (import.meta.main) {
  // Through JSON in any case, so that a page does not depend on how a run reached it.
  writePages(process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8')) as Run))
}
