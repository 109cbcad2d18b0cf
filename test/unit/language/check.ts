/** The language rules over one source: words that are ruled out, how a sentence begins, and the width of comments. */
import { type Text, textsOf } from './texts.ts'

/** Columns of a line of a comment. */
const WIDTH = 110

/** In comments and in strings, test names among them. The key is the advice. */
const WORDS: Readonly<Record<string, RegExp>> = {
  'notify, reply, report or know instead of tell': /\b(tell|tells|telling|told)\b/gi,
  'name the subject instead of whoever': /\bwhoever\b/gi,
  'again or new instead of anew': /\banew\b/gi,
  'name the condition instead of by and by': /\bby\s+and\s+by\b/gi,
  'release or close instead of let go': /\b(lets?|letting)\s+go\b/gi,
  'name the number instead of so many at a time': /\bso\s+many\s+at\s+a\s+time\b/gi,
  'state the delay instead of takes its time': /\btak(e|es|ing)\s+(its|their|his|her)\s+time\b/gi,
  'leave out as ever': /\bas\s+ever\b/gi,
  'name the subject instead of what cannot': /\bwhat\s+cannot\b/gi,
  'one after the other instead of in turn': /(?<!\bmeasured\s)\bin\s+turn\b/gi,
}

/** In comments: the subject of a sentence is a noun. */
const BEGINNING = /(?:^|[.!?]\s+)(What|Who|Whoever|So)\b/

/** `path:line advice`. */
export function checkLanguage(path: string, source: string): string[] {
  const texts = textsOf(path, source)
  const comments = commentsOf(texts)
  const strings = texts.filter(({ kind }) => kind === 'string')
  return [
    ...[...comments, ...strings].flatMap((text) => words(path, text)),
    ...comments.flatMap((text) => beginnings(path, text)),
    ...widths(path, source, texts),
  ]
}

function words(path: string, { text, line }: Text): string[] {
  return Object.entries(WORDS).flatMap(([advice, word]) =>
    [...text.matchAll(word)].map((match) => `${path}:${line + linesIn(text, match.index)} ${advice}`),
  )
}

function beginnings(path: string, { text, line }: Text): string[] {
  const match = BEGINNING.exec(text)
  return match === null ? [] : [`${path}:${line} a sentence begins with a noun, not with ${match[1]}`]
}

/** Comments without their marks; consecutive line comments are one text. */
function commentsOf(texts: readonly Text[]): Text[] {
  const found: Text[] = []
  for (const { kind, text, line } of texts) {
    if (kind !== 'comment') continue
    const bare = text
      .replace(/^\s*(\/\*\*?|\/\/|--\[\[|--+|#+)|\*\/$/g, '')
      .replace(/\n[ \t]*\*?/g, '\n')
      .trim()
    const last = found.at(-1)
    if (last !== undefined && last.line + linesIn(last.text) + 1 === line && !text.includes('\n'))
      found[found.length - 1] = { ...last, text: `${last.text}\n${bare}` }
    else found.push({ kind, text: bare, line })
  }
  return found
}

function widths(path: string, source: string, texts: readonly Text[]): string[] {
  const lines = source.split('\n')
  return texts
    .filter(({ kind }) => kind === 'comment')
    .flatMap(({ text, line }) => text.split('\n').map((_, at) => line + at))
    .filter((line) => (lines[line - 1]?.length ?? 0) > WIDTH)
    .map((line) => `${path}:${line} a line of a comment has at most ${WIDTH} columns`)
}

const linesIn = (text: string, end = text.length): number => text.slice(0, end).split('\n').length - 1
