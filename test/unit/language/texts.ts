/** The texts of a source: its comments and its string literals, each with its line. */

export interface Text {
  readonly kind: 'comment' | 'string'
  readonly text: string
  /** Of its first character. */
  readonly line: number
}

interface Form {
  readonly kind: Text['kind'] | 'code'
  /** Sticky. */
  readonly pattern: RegExp
}

const QUOTED: readonly Form[] = [
  { kind: 'string', pattern: /'(?:[^'\\\n]|\\.)*'/y },
  { kind: 'string', pattern: /"(?:[^"\\\n]|\\.)*"/y },
]

/** A regular expression stands where a value is expected; elsewhere `/` divides. */
const REGEXP =
  /(?<=(?:[(,=:[!&|?{};\n>]|\breturn|^)\s*)\/(?![*/])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y

interface Language {
  readonly forms: readonly Form[]
  /** Global: a character that a form may begin with. */
  readonly start: RegExp
}

const TS: Language = {
  start: /['"`/]/g,
  forms: [
    { kind: 'comment', pattern: /\/\*[\s\S]*?\*\//y },
    { kind: 'comment', pattern: /\/\/.*/y },
    { kind: 'code', pattern: REGEXP },
    ...QUOTED,
    { kind: 'string', pattern: /`(?:[^`\\]|\\[\s\S])*`/y },
  ],
}

const LUA: Language = {
  start: /['"-]/g,
  forms: [
    { kind: 'comment', pattern: /--\[\[[\s\S]*?\]\]/y },
    { kind: 'comment', pattern: /--.*/y },
    ...QUOTED,
  ],
}

const YAML: Language = {
  start: /['"#]/g,
  forms: [{ kind: 'comment', pattern: /(?<=^|\s)#.*/my }, ...QUOTED],
}

const LANGUAGES: Readonly<Record<string, Language>> = {
  ts: TS,
  tsx: TS,
  lua: LUA,
  yaml: YAML,
  yml: YAML,
}

/** The texts of TypeScript, Lua and YAML; other files have none. */
export function textsOf(path: string, source: string): Text[] {
  const language = LANGUAGES[path.slice(path.lastIndexOf('.') + 1)]
  if (language === undefined) return []
  const { forms, start } = language
  const texts: Text[] = []
  let line = 1
  let at = 0
  while (at < source.length) {
    start.lastIndex = at
    const next = start.exec(source)?.index ?? source.length
    line += linesIn(source.slice(at, next))
    const { kind, text } = matchAt(forms, source, next)
    if (kind !== 'code') texts.push({ kind, text, line })
    line += linesIn(text)
    at = next + Math.max(1, text.length)
  }
  return texts
}

const linesIn = (text: string): number => text.split('\n').length - 1

function matchAt(forms: readonly Form[], source: string, at: number): Pick<Form, 'kind'> & { text: string } {
  for (const { kind, pattern } of forms) {
    pattern.lastIndex = at
    const [text] = pattern.exec(source) ?? []
    if (text !== undefined) return { kind, text }
  }
  return { kind: 'code', text: source.charAt(at) }
}
