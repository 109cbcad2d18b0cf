import { describe, expect, it } from 'vitest'
import { checkLanguage } from './language/check.ts'
import { HELD, problemsByFolder } from './language/folders.ts'
import { textsOf } from './language/texts.ts'

describe('the language of the sources', () => {
  const problems = problemsByFolder()

  it.each(HELD)('follows the rules in %s', (folder) => {
    expect(problems.get(folder)).toEqual([])
  })
})

describe('checkLanguage', () => {
  const check = (text: string, path = 'a.ts') => checkLanguage(path, text)

  it.each([
    ['// the client is told', 'a.ts:1 notify, reply, report or know instead of tell'],
    ["it('tells the client', f)", 'a.ts:1 notify, reply, report or know instead of tell'],
    ['/** For whoever\n * reads. */', 'a.ts:1 name the subject instead of whoever'],
    ['/** A node takes\n * its time. */', 'a.ts:1 state the delay instead of takes its time'],
    ['x()\n// a node lets\n// go of it', 'a.ts:2 release or close instead of let go'],
    ['// nodes start in turn', 'a.ts:1 one after the other instead of in turn'],
    ['/** What it holds. */', 'a.ts:1 a sentence begins with a noun, not with What'],
    ['// It ends. So does this.', 'a.ts:1 a sentence begins with a noun, not with So'],
    [`// ${'x'.repeat(108)}`, 'a.ts:1 a line of a comment has at most 110 columns'],
  ])('finds the problem of %j', (text, problem) => {
    expect(check(text)).toContain(problem)
  })

  it.each([
    '// both trees are measured in turn',
    "const tell = /told/.test('x')",
    '// Whatever follows, whose time it is',
    `const x = '${'x'.repeat(120)}'`,
  ])('accepts %j', (text) => {
    expect(check(text)).toEqual([])
  })

  it('reads Lua and YAML', () => {
    expect(check('local a = 1 -- whoever comes', 'a.lua')).toHaveLength(1)
    expect(check('a: "b#c" # anew', 'a.yaml')).toHaveLength(1)
    expect(check('whoever', 'a.md')).toEqual([])
  })
})

describe('textsOf', () => {
  it('separates comments and strings from code', () => {
    const source =
      "const a = 'it\\'s // no comment' // yes\nconst b = /'/.test(a) /* two\nlines */\nconst c = `d`\n"
    expect(textsOf('a.ts', source).map(({ kind, text, line }) => [line, kind, text])).toEqual([
      [1, 'string', "'it\\'s // no comment'"],
      [1, 'comment', '// yes'],
      [2, 'comment', '/* two\nlines */'],
      [4, 'string', '`d`'],
    ])
  })
})
