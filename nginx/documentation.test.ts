import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { readDefaults } from './defaults.ts'

it('docs/operations/nginx.md lists every setting with its default, and no other', () => {
  const page = readFileSync(new URL('../docs/operations/nginx.md', import.meta.url), 'utf8')
  const rows = [...page.matchAll(/^\| `((?:SKEIN_|)NGINX_\w+)` \| (?:`(.*?)`)? ?\| .+\|$/gm)]
  const documented = Object.fromEntries(rows.map(([, name, value]) => [name, value ?? '']))
  expect(documented).toEqual(readDefaults())
})
