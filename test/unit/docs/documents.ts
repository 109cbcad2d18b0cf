/** The Markdown files of the repository, and the parts of one that the tests of this folder check. */
import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { ROOT } from '../layers/read.ts'

const IGNORED = new Set(['node_modules', '.git', 'dist', 'coverage'])

/** Every file and folder of the repository, from its root, folders with a slash at the end. */
export const TREE: ReadonlySet<string> = new Set(
  globSync('**/*', { cwd: ROOT, withFileTypes: true, exclude: (entry) => IGNORED.has(entry.name) })
    .filter((entry) => !IGNORED.has(entry.name))
    .map((entry) => {
      const path = join(entry.parentPath, entry.name).slice(ROOT.length).replace(/^\//, '')
      return entry.isDirectory() ? `${path}/` : path
    }),
)

export const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

export const DOCUMENTS: readonly string[] = [...TREE].filter((path) => path.endsWith('.md')).toSorted()

/** Lines of a text file, without the empty one behind the last line feed. */
export const lines = (text: string): readonly string[] => text.trimEnd().split('\n')

const FENCE = /^```(\w*)[^\n]*\n([\s\S]*?)^```/gm

/** Fenced blocks with the language that they name. */
export const fences = (text: string): readonly { readonly language: string; readonly body: string }[] =>
  [...text.matchAll(FENCE)].map(([, language = '', body = '']) => ({ language, body }))

export const withoutFences = (text: string): string => text.replace(FENCE, '')

/** Texts in backticks, outside of fenced blocks. */
export const codeSpans = (text: string): readonly string[] =>
  [...withoutFences(text).matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code)

/** Sentences and cells that a person reads: no code, no addresses of links, no HTML comments. */
export const prose = (text: string): string =>
  withoutFences(text)
    .replace(/<!--.*?-->/gs, '')
    .replace(/`[^`\n]+`/g, 'X')
    .replace(/\]\([^)]*\)/g, ']')

/** Commands of shell blocks, one line each, and those in backticks. */
export const commands = (text: string): readonly string[] => [
  ...fences(text)
    .filter(({ language }) => language === '' || language === 'sh')
    .flatMap(({ body }) => body.split('\n')),
  ...codeSpans(text),
]

/** The anchors that GitHub makes of a document's headings. */
export function anchors(text: string): ReadonlySet<string> {
  const found = new Set<string>()
  for (const [, heading = ''] of withoutFences(text).matchAll(/^#+ (.+)$/gm)) {
    const name = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-')
    let unique = name
    for (let n = 1; found.has(unique); n++) unique = `${name}-${n}`
    found.add(unique)
  }
  return found
}

/**
 * Whether a path that a document names exists: from the root, or as the end of one path; `*` stands for any
 * name.
 */
export function exists(path: string): boolean {
  const pattern = new RegExp(
    `(^|/)${path
      .replace(/^\.\//, '')
      .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
      .replace(/\*/g, '[^/]*')}/?$`,
  )
  if (!path.includes('*')) {
    if (TREE.has(path) || TREE.has(`${path}/`)) return true
    return (NAMES.get(basename(path)) ?? []).some((known) => pattern.test(known))
  }
  return [...TREE].some((known) => pattern.test(known))
}

const NAMES = Map.groupBy(TREE, (path) => basename(path))
