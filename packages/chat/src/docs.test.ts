/** Compares the tables of docs/reference/chat.md with the code. */
import { readFileSync } from 'node:fs'
import type { TSchema } from 'typebox'
import { describe, expect, test } from 'vitest'
import { CHAT_ERROR } from './errors.ts'
import type { Presence } from './people/presence.ts'
import { verbs } from './verbs/index.ts'

const TEXT = readFileSync(new URL('../../../docs/reference/chat.md', import.meta.url), 'utf8')

function table(mark: string): string[][] {
  const part = TEXT.split(`<!-- ${mark} -->`)[1]?.split(`<!-- /${mark} -->`)[0] ?? ''
  const rows = part.split('\n').filter((line) => line.startsWith('| '))
  return rows.slice(1).map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
}

/** The names in a cell that are outside of braces: `to: {user}` names `to`. */
function namesIn(cell: string): string[] {
  const outside = cell.replace(/\([^)]*\)/g, '').replace(/; .*$/, '')
  const code = [...outside.matchAll(/`([^`]*)`/g)].map((match) => match[1] ?? '').join(', ')
  const flat = code.replace(/\{[^}]*\}(\[\])?/g, '')
  return flat
    .split(',')
    .map((part) => part.split(':')[0]?.trim() ?? '')
    .filter((name) => /^[a-z][A-Za-z]*\??$/.test(name))
}

function membersOf(schema: TSchema): string[] {
  const { properties = {}, required = [] } = schema as { properties?: object; required?: string[] }
  return Object.keys(properties).map((name) => (required.includes(name) ? name : `${name}?`))
}

const VERBS = verbs({} as Presence)
const ROWS = table('rpc')

describe('docs/reference/chat.md', () => {
  test('lists every method, in the order of the code', () => {
    expect(ROWS.map(([method]) => method)).toEqual(VERBS.map(({ method }) => `\`${method}\``))
  })

  test.each(VERBS.map((verb) => [verb.method, verb] as const))(
    '%s has the request members of its schema',
    (method, verb) => {
      const row = ROWS.find(([name]) => name === `\`${method}\``)
      expect(namesIn(row?.[1] ?? '').toSorted()).toEqual(membersOf(verb.request).toSorted())
    },
  )

  test.each(VERBS.map((verb) => [verb.method, verb] as const))(
    '%s has the reply members of its schema',
    (method, verb) => {
      const cell = ROWS.find(([name]) => name === `\`${method}\``)?.[2] ?? ''
      const named = /^`(Amendment|Room|Conversation)`/.exec(cell)?.[1]
      if (named !== undefined)
        return expect(shapeOf(named)).toEqual(
          expect.arrayContaining(plain(membersOf(verb.reply)).filter((name) => name !== 'role')),
        )
      expect(namesIn(cell).toSorted()).toEqual(membersOf(verb.reply).toSorted())
    },
  )

  test('lists every error with its code', () => {
    const listed = table('errors').map(([code, name, temporary]) => ({ code, name, temporary }))
    expect(listed).toEqual(
      Object.entries(CHAT_ERROR).map(([name, row]) => ({
        code: String(row.code),
        name: `\`${name}\``,
        temporary: 'temporary' in row ? 'yes' : '',
      })),
    )
  })
})

const plain = (names: readonly string[]) => names.map((name) => name.replace('?', ''))

/** Members of an interface in the guide. */
function shapeOf(name: string): string[] {
  const body = new RegExp(`interface ${name} \\{([\\s\\S]*?)\\n?\\}\\n`).exec(TEXT)?.[1] ?? ''
  const code = body.replace(/\/\/.*$/gm, '').replace(/\{[^}]*\}/g, '')
  return [...code.matchAll(/(?:^|[;\n])\s*([a-zA-Z]+)\??:/g)].map((match) => match[1] ?? '')
}
