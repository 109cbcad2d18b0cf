import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { METHODS } from './calls.ts'

test('the calls are those of docs/reference/chat.md', () => {
  const text = readFileSync(new URL('../../../docs/reference/chat.md', import.meta.url), 'utf8')
  const [, table = ''] = /<!-- rpc -->([\s\S]*?)<!-- \/rpc -->/.exec(text) ?? []
  const documented = [...table.matchAll(/^\| `(chat\.[\w.]+)` \|/gm)].map(([, method]) => method)
  expect(documented.length).toBeGreaterThan(30)
  expect([...METHODS].sort()).toEqual(documented.sort())
})
