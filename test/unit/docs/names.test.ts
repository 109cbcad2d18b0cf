/** Files, commands, settings and metrics that documents name exist. */
import { COMMANDS } from '@skein/cli'
import { SETTING_NAMES, variableName } from '@skein/node'
import { describe, expect, it } from 'vitest'
import { readDefaults } from '../../../nginx/defaults.ts'
import { PROJECTS } from '../../run/projects.ts'
import { codeSpans, commands, DOCUMENTS, exists, fences, read, TREE } from './documents.ts'
import { NO_FILES_OF_OURS, VARIABLES_BY_READER } from './exceptions.ts'

const SCRIPTS = Object.keys((JSON.parse(read('package.json')) as { scripts: object }).scripts)
const TOP = [...TREE].filter((path) => /^[^/]+\/$/.test(path))
const EXTENSIONS = 'ts|tsx|js|mjs|lua|md|proto|css|svg|json|yaml|yml|conf|template|env|py|go'
const FILE = new RegExp(`^[\\w@.*/-]*[\\w*-]\\.(${EXTENSIONS})$`)
const FOLDER = /^[\w@.*-]+(\/[\w@.*-]+)*\/$/

/**
 * Texts in backticks that name a file or folder, and words of shell blocks that begin with a folder of the
 * repository.
 */
function paths(text: string): string[] {
  const words = fences(text)
    .filter(({ language }) => language === 'sh')
    .flatMap(({ body }) => body.split(/\s+/))
  return [
    ...codeSpans(text).filter((code) => isPath(code)),
    ...[...words, ...codeSpans(text).flatMap((code) => code.split(/\s+/))].filter((word) =>
      TOP.some((folder) => word.startsWith(folder) && /^[\w@.*/-]+$/.test(word)),
    ),
  ].filter((path) => !NO_FILES_OF_OURS.has(path))
}

const isPath = (code: string): boolean => FILE.test(code) || (FOLDER.test(code) && !code.startsWith('/'))

/** The options that a script reads, by the source of its command line. */
const OPTIONS_OF: Readonly<Record<string, string>> = {
  bench: 'test/bench/options.ts',
  chaos: 'test/chaos/options.ts',
  simulate: 'test/simulation/main.ts',
}

const flagsIn = (line: string): readonly string[] =>
  [...line.matchAll(/(?<=\s)--([a-z][a-z-]*)/g)].map(([, name = '']) => name)

function unknownOptions(line: string): string[] {
  const [, script] = /\bnpm run (?:-s )?(bench|chaos|simulate)\b/.exec(line) ?? []
  if (script !== undefined) {
    const source = read(OPTIONS_OF[script] ?? '')
    return flagsIn(line).filter((name) => !new RegExp(`\\b'?${name}'?: \\{ type`).test(source))
  }
  const [, command = ''] = (/^npm start\b/.test(line) ? ['', 'up'] : /\bskein ([a-z]+)/.exec(line)) ?? []
  const known = COMMANDS[command as keyof typeof COMMANDS]
  if (known === undefined) return []
  const flags = line.slice(line.search(/\bskein |^npm start/)).split(/\s[|#]\s|\s{3,}/)[0] ?? ''
  return flagsIn(flags).filter((name) => name !== 'help' && !Object.hasOwn(known.options, name))
}

const VARIABLES = new Set([
  ...SETTING_NAMES.map(variableName),
  ...Object.keys(readDefaults()),
  ...Object.keys(VARIABLES_BY_READER),
])

describe.each(DOCUMENTS)('%s', (document) => {
  const text = read(document)
  const all = commands(text)

  it('names files and folders that exist', () => {
    expect(paths(text).filter((path) => !exists(path))).toEqual([])
  })

  it('names npm scripts that exist', () => {
    const named = [...text.matchAll(/\bnpm run (?:-s )?([a-z][a-z:]*)/g)].map(([, name = '']) => name)
    expect(named.filter((script) => !SCRIPTS.includes(script))).toEqual([])
  })

  it('names test projects that exist', () => {
    const named = all.flatMap((line) => /^npm test -- ([a-z ]+)/.exec(line)?.[1]?.trim().split(/\s+/) ?? [])
    expect(named.filter((project) => !(PROJECTS as readonly string[]).includes(project))).toEqual([])
  })

  it('names skein commands and options that exist', () => {
    const named = all.flatMap((line) =>
      [...line.matchAll(/(?:npx |^)skein ([a-z]+)/g)].map(([, name = '']) => name),
    )
    expect(named.filter((command) => !Object.hasOwn(COMMANDS, command))).toEqual([])
    expect(all.flatMap((line) => unknownOptions(line).map((option) => `${line}: --${option}`))).toEqual([])
  })

  it('names settings that exist', () => {
    const named = [...text.matchAll(/\b(SKEIN_[A-Z0-9_]*[A-Z0-9])(_?\*|_)?/g)]
    const wrong = named.filter(([, name = '', rest]) =>
      rest === undefined
        ? !VARIABLES.has(name)
        : ![...VARIABLES].some((known) => known.startsWith(`${name}_`)),
    )
    expect(wrong.map(([name]) => name)).toEqual([])
  })

  it('names metrics that exist', () => {
    const known = new Set(
      [...read('docs/reference/metrics.md').matchAll(/^\| `(skein_\w+)`/gm)].map(([, name]) => name),
    )
    const named = codeSpans(text).flatMap((code) => code.match(/(?<!\$)\bskein_[a-z_]+[a-z]\b(?!\*)/g) ?? [])
    expect(named.filter((name) => !known.has(name))).toEqual([])
  })
})

/** `import { A, type B } from '@skein/x'` of an example, one entry for each name. */
const imports = (text: string) =>
  [...text.matchAll(/import \{([^}]+)\} from '(@skein\/[a-z/]+)'/g)].flatMap(([, names = '', from = '']) =>
    names.split(',').map((name) => ({ from, name: name.trim() })),
  )

it.each(DOCUMENTS.flatMap((document) => imports(read(document)).map((one) => ({ document, ...one }))))(
  '$document imports $name from $from, which exports it',
  async ({ from, name }) => {
    expect(Object.keys((await import(from)) as object)).toContain(name)
  },
)

it.each(Object.entries(VARIABLES_BY_READER))('%s is read by %s', (name, file) => {
  expect(read(file)).toContain(name)
})
