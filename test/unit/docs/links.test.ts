/** Links in documents lead to files and headings that exist. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../layers/read.ts'
import { anchors, DOCUMENTS, read, withoutFences } from './documents.ts'

const LINK = /\]\((?!https?:|mailto:)([^)\s]+)\)/g

function broken(document: string): string[] {
  return [...withoutFences(read(document)).matchAll(LINK)]
    .map(([, link = '']) => link)
    .filter((link) => {
      const [path = '', anchor] = link.split('#')
      const target = path === '' ? document : join(dirname(document), path)
      if (!existsSync(join(ROOT, target))) return true
      return anchor !== undefined && target.endsWith('.md') && !anchors(read(target)).has(anchor)
    })
}

describe.each(DOCUMENTS)('%s', (document) => {
  it('links to files and headings that exist', () => {
    expect(broken(document)).toEqual([])
  })
})

it('every page under docs/ is linked from another document', () => {
  const linked = new Set(
    DOCUMENTS.flatMap((document) =>
      [...read(document).matchAll(LINK)].map(([, link = '']) =>
        join(dirname(document), link.split('#')[0] ?? ''),
      ),
    ),
  )
  expect(DOCUMENTS.filter((path) => path.startsWith('docs/') && !linked.has(path))).toEqual([])
})
