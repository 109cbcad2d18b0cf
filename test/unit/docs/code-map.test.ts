/** The code map of ARCHITECTURE.md has a row for each folder with sources, and no other. */
import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { read, TREE } from './documents.ts'

const SOURCE = /\.(ts|tsx|lua)$/
const ROW = /^\| `([\w./@-]+\/)` \| (.+) \|$/

/** `### \`packages/core/src/\`` names the folder that the rows below it start from. */
function rows(): Map<string, string> {
  const map = new Map<string, string>()
  const section =
    read('ARCHITECTURE.md')
      .split(/^## Code map$/m)[1]
      ?.split(/^## /m)[0] ?? ''
  let base = ''
  for (const line of section.split('\n')) {
    const heading = /^### .*`([\w./@-]+\/)`/.exec(line)?.[1]
    if (heading !== undefined) base = heading
    const [, folder, sentence] = ROW.exec(line) ?? []
    if (folder !== undefined && sentence !== undefined)
      map.set(folder === './' ? base : `${base}${folder}`, sentence)
  }
  return map
}

/** Folders that the map must have: those with sources in packages and apps, and the first level of test/. */
function folders(): Set<string> {
  const sources = [...TREE].filter((path) => SOURCE.test(path))
  const inside = sources
    .filter((path) => /^(packages|apps)\/[^/]+\/(src|app)\//.test(path))
    .map((path) => `${dirname(path)}/`)
  const tests = sources.flatMap((path) => /^test\/[^/]+\//.exec(path)?.[0] ?? [])
  return new Set([...inside, ...tests])
}

describe('the code map of ARCHITECTURE.md', () => {
  const map = rows()

  it('has every folder that holds sources: add a row with one sentence for a new folder', () => {
    expect([...folders()].filter((folder) => !map.has(folder))).toEqual([])
  })

  it('has no row for a folder that does not exist: remove or rename the row', () => {
    expect([...map.keys()].filter((folder) => !TREE.has(folder))).toEqual([])
  })

  it('has one sentence for each folder', () => {
    const wrong = [...map].filter(
      ([, sentence]) => !/^[^.]*(\.[a-z][^.]*)*\.$/.test(sentence.replace(/`[^`]*`/g, 'X')),
    )
    expect(wrong).toEqual([])
  })
})
