import { describe, expect, it } from 'vitest'
import { checkRooms } from './layers/check-rooms.ts'
import { checkCircles, circlesOf } from './layers/circles.ts'
import { checkInternals } from './layers/internals.ts'
import { ALL, ROOMS, type Rooms } from './layers/rooms.ts'

const FOLDER = 'packages/core/src'
const TABLE: Rooms = {
  folder: FOLDER,
  doors: ['ports.ts'],
  values: { 'index.ts': [ALL], 'ports.ts': [], top: ['low', 'errors.ts'], low: [], 'errors.ts': [] },
  types: { low: ['side'] },
  exceptions: [],
}
const source = (path: string, text: string) => ({ path: `${FOLDER}/${path}`, text: `// header\n${text}\n` })
const problemsOf = (path: string, text: string, table = TABLE) => checkRooms([source(path, text)], [table])

describe('the rule of the rooms', () => {
  it.each([
    ['top/a.ts', "import { b } from '../low/b.ts'"],
    ['top/a.ts', "import type { B } from '../low/b.ts'"],
    ['top/a.ts', "import { B } from '../errors.ts'"],
    ['low/a.ts', "import type { P } from '../ports.ts'"],
    ['low/a.ts', "import type { S } from '../side/s.ts'"],
    ['low/a.ts', "import { b } from './b.ts'"],
    ['low/a.test.ts', "import { b } from '../top/b.ts'"],
    ['testing/a.ts', "import { b } from '../top/b.ts'"],
    ['index.ts', "export { b } from './top/b.ts'"],
  ])('allows in %s: %s', (path, text) => {
    expect(problemsOf(path, text)).toEqual([])
  })

  it.each([
    ['low/a.ts', "import { b } from '../top/b.ts'", 'low may not import values of top'],
    ['low/a.ts', "import type { B } from '../top/b.ts'", 'low may not import types of top'],
    ['low/a.ts', "import { p } from '../ports.ts'", 'low may not import values of ports.ts'],
    ['low/a.ts', "import { s } from '../side/s.ts'", 'low may not import values of side'],
    ['ports.ts', "export * from './low/b.ts'", 'ports.ts may not import values of low'],
    ['top/a.ts', "const { x } = await import('../index.ts')", 'top may not import values of index.ts'],
  ])('refuses in %s: %s', (path, text, problem) => {
    expect(problemsOf(path, text)).toEqual([`${FOLDER}/${path}:2 ${problem}: see test/unit/layers/rooms.ts`])
  })

  it('refuses a room that no row names', () => {
    expect(problemsOf('new/a.ts', '')).toEqual([
      `${FOLDER}/new/a.ts:1 room new is in no row of test/unit/layers/rooms.ts`,
    ])
  })

  it('allows an exception, of its kind only, and refuses one that nothing needs', () => {
    const exception = { from: 'low', to: 'top', kind: 'type', reason: 'seeded' } as const
    const table = { ...TABLE, exceptions: [exception] }
    const needed = "import type { B } from '../top/b.ts'"
    expect(problemsOf('low/a.ts', needed, table)).toEqual([])
    expect(problemsOf('low/a.ts', `${needed}\nimport { b } from '../top/b.ts'`, table)).toHaveLength(1)
    expect(problemsOf('low/a.ts', '', table).join()).toContain(
      'nothing needs the exception low -> top (type)',
    )
  })

  it('keeps the order of core', () => {
    const core = ROOMS.filter(({ folder }) => folder === FOLDER).map((rooms) => ({
      ...rooms,
      exceptions: [],
    }))
    const upward = source('util/a.ts', "import { hub } from '../channel/hub.ts'")
    const downward = source('channel/a.ts', "import { sleep } from '../util/sleep.ts'")
    expect(checkRooms([upward], core)).toHaveLength(1)
    expect(checkRooms([downward], core)).toEqual([])
  })
})

describe('the rule of circles', () => {
  const ring = ['a', 'b', 'c'].map((name, at, names) =>
    source(`${name}.ts`, `import type { X } from './${names[(at + 1) % names.length]}.ts'`),
  )
  const files = ring.map(({ path }) => path)

  it('counts types, and leaves out the files beside a circle', () => {
    expect(circlesOf([source('before.ts', "import { a } from './a.ts'"), ...ring])).toEqual([files])
  })

  it('finds two circles that share no file', () => {
    const pair = [source('x.ts', "import { y } from './y.ts'"), source('y.ts', "import { x } from './x.ts'")]
    expect(circlesOf([...pair, ...ring])).toHaveLength(2)
  })

  it('refuses a circle above the number of its folder', () => {
    expect(checkCircles(ring, { [FOLDER]: 3 })).toEqual([])
    expect(checkCircles(ring, { [FOLDER]: 2 })).toEqual([
      `${FOLDER}/a.ts:1 is in a circle of 3 files, of at most 2: ${files.join(', ')}`,
    ])
    expect(checkCircles(ring, {})).toHaveLength(1)
  })
})

describe('the rule of foreign internals', () => {
  const NODE = 'apps/node/src/socket'
  const check = (path: string, text: string, exceptions = {}) =>
    checkInternals([{ path, text: `\n${text}\n` }], exceptions)

  it.each([
    ['socket._handle', '._handle'],
    ['socket?._handle?.close()', '._handle'],
    ['this._events = undefined', '._events'],
    ['const { _readableState: state } = socket', '_readableState:'],
    ['const { a, _handle: b } = socket', '_handle:'],
    ['type Inside = { readonly a: 1; _httpMessage?: object }', '_httpMessage?:'],
    ["response['_header']", "'_header'"],
    ['declare private _events: object', '_events'],
    ['Object.getOwnPropertySymbols(socket)', 'getOwnPropertySymbols'],
    ["import Sender from 'ws/lib/sender.js'", 'ws/lib/sender.js'],
  ])('refuses %s', (text, name) => {
    expect(check(`${NODE}/a.ts`, text)).toEqual([
      `${NODE}/a.ts:2 touches ${name}: private members of dependencies belong in an internals/ room`,
    ])
  })

  it.each([
    'servers.filter((_server, at) => at)',
    'const { node: _node, ...rest } = options',
    '// socket._handle is private',
    "import { x } from './lib/x.ts'",
    'this.#events = a_b',
  ])('allows %s', (text) => {
    expect(check(`${NODE}/a.ts`, text)).toEqual([])
  })

  it('allows an internals room, a test and a named exception', () => {
    const poke = 'socket._handle'
    expect(check(`${NODE}/internals/a.ts`, poke)).toEqual([])
    expect(check('packages/redis/src/ioredis-internals/a.ts', poke)).toEqual([])
    expect(check(`${NODE}/a.test.ts`, poke)).toEqual([])
    expect(check(`${NODE}/a.ts`, poke, { [`${NODE}/a.ts`]: 'seeded' })).toEqual([])
    expect(check(`${NODE}/a.ts`, '', { [`${NODE}/a.ts`]: 'seeded' })).toHaveLength(1)
  })
})
