import { describe, expect, it } from 'vitest'
import { checkLayers, type Manifest } from './layers/check.ts'
import { importsOf } from './layers/imports.ts'
import { checkRepository } from './layers/repository.ts'

/** A package.json that declares everything: only the layers are checked. */
const declares = (folder: string, ...dependencies: string[]): Manifest => ({
  folder,
  dependencies,
  devDependencies: [],
  doors: [],
})

const problemsOf = (path: string, line: string, ...declared: string[]) => {
  const folder = path.split('/').slice(0, 2).join('/')
  return checkLayers([{ path, text: `${line}\n` }], [declares(folder, ...declared)])
}

describe('the layer rule', () => {
  it('holds in this repository', () => {
    expect(checkRepository().problems).toEqual([])
  })

  it.each([
    ['packages/core/src/a.ts', "import { x } from '@skein/redis'", '@skein/redis', /@skein\/core may not/],
    ['packages/protocol/src/a.ts', "import type { X } from '@skein/core'", '@skein/core', /may not/],
    ['packages/core/src/a.ts', "export * from 'ioredis'", 'ioredis', /only @skein\/redis may/],
    ['packages/redis/src/a.ts', "const f = await import('fastify')", 'fastify', /only @skein\/node may/],
    ['apps/cli/src/a.ts', "import jwt from 'jsonwebtoken'", 'jsonwebtoken', /only @skein\/node may/],
    ['apps/node/src/a.ts', "import { c } from '@skein/testkit'", '@skein/testkit', /only tests may/],
    ['apps/node/src/a.ts', "import { c } from '@skein/cli'", '@skein/cli', /@skein\/node may not/],
    [
      'apps/cli/src/a.ts',
      "import { n } from '@skein/node/src/app.ts'",
      '@skein/node',
      /no door of @skein\/node/,
    ],
    ['packages/core/src/a.ts', "import { createServer } from 'node:net'", '', /core knows no socket/],
    ['packages/protocol/src/a.ts', "import { join } from 'node:path'", '', /runs in browsers too/],
    ['packages/core/src/a.ts', "import { x } from 'lodash'", '', /does not declare/],
    ['packages/core/src/a.ts', "import { x } from './testing/b.ts'", '', /is for tests/],
    [
      'packages/other/src/a.ts',
      "import { x } from '@skein/core'",
      '@skein/core',
      /no row of the layer table/,
    ],
  ])('rejects in %s: %s', (path, line, declared, expected) => {
    expect(problemsOf(path, line, ...(declared === '' ? [] : [declared])).join('\n')).toMatch(expected)
  })

  it('lets a package have several doors', () => {
    const sources = [{ path: 'test/a.test.ts', text: "import { c } from '@skein/testkit/contracts'\n" }]
    const testkit: Manifest = { ...declares('packages/testkit'), doors: ['@skein/testkit/contracts'] }
    expect(checkLayers(sources, [declares('')])).toHaveLength(1)
    expect(checkLayers(sources, [declares(''), testkit])).toEqual([])
  })

  it('rejects a relative import that leaves its package', () => {
    expect(problemsOf('apps/cli/src/a.ts', "import { x } from '../../node/src/app.ts'")).toEqual([
      "apps/cli/src/a.ts:1 reaches apps/node/src/app.ts by a relative path: use the package's exports door",
    ])
  })

  it('lets packages that start nginx import its configuration', () => {
    expect(problemsOf('apps/cli/src/up/a.ts', "import { r } from '../../../../nginx/render.ts'")).toEqual([])
    expect(problemsOf('packages/core/src/a.ts', "import { r } from '../../../nginx/render.ts'")).not.toEqual(
      [],
    )
  })

  it('allows what the table allows', () => {
    expect(
      problemsOf('packages/core/src/a.ts', "import { x } from '@skein/protocol'", '@skein/protocol'),
    ).toEqual([])
    expect(problemsOf('packages/redis/src/a.ts', "import { Redis } from 'ioredis'", 'ioredis')).toEqual([])
  })

  it('allows tests more than servers', () => {
    const text = "import { c } from '@skein/testkit'\n"
    expect(checkLayers([{ path: 'apps/node/src/a.test.ts', text }], [declares('apps/node')])).toEqual([])
    expect(checkLayers([{ path: 'test/cluster/a.test.ts', text }], [declares('')])).toEqual([])
  })

  it('rejects a dependency that nothing imports', () => {
    expect(checkLayers([], [declares('packages/core', 'lodash')])).toEqual([
      'packages/core/package.json declares lodash, which nothing there imports',
    ])
  })

  it('rejects a circle of imports, and allows a circle of types', () => {
    const circle = (keyword: string) => [
      { path: 'packages/core/src/a.ts', text: "import { b } from './b.ts'\n" },
      { path: 'packages/core/src/b.ts', text: `${keyword} { a } from './a.ts'\n` },
    ]
    expect(checkLayers(circle('import'), [])).toEqual([
      'packages/core/src/a.ts:1 imports itself in a circle: packages/core/src/a.ts -> packages/core/src/b.ts -> packages/core/src/a.ts',
    ])
    expect(checkLayers(circle('import type'), [])).toEqual([])
  })
})

describe('importsOf', () => {
  const specifiers = (text: string) => importsOf(text).map(({ specifier }) => specifier)

  it('reads every form', () => {
    const text = [
      "import a, { b } from 'one'",
      "import {\n  c,\n  type D,\n} from 'two'",
      "export * from 'three'",
      "import 'four'",
      "const five = await import('five')",
      "const six = import.meta.resolve('six')",
      "type Seven = Record<string, import('seven').T>",
    ].join('\n')
    expect(specifiers(text).toSorted()).toEqual(['five', 'four', 'one', 'seven', 'six', 'three', 'two'])
  })

  it('skips comments and strings, and returns the line', () => {
    const text =
      "// import 'no'\n/* import x from 'no' */\nconst s = \"import x from 'no'\"\nimport y from 'yes'\n"
    expect(importsOf(text)).toEqual([{ specifier: 'yes', line: 4, typeOnly: false }])
  })

  it('does not read an export as an import', () => {
    expect(specifiers("export const a = 1\nimport { b } from 'yes'\n")).toEqual(['yes'])
  })
})
