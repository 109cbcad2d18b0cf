/** Reads the imports of a TypeScript source: static and dynamic ones, re-exports, `import.meta.resolve`. */

export interface Import {
  readonly specifier: string
  readonly line: number
  /** Erased before the program runs. */
  readonly typeOnly: boolean
}

const FORMS = [
  // import … from 'x' · export … from 'x' (anchored to the line's start, so that words inside strings do not
  // count)
  /^[ \t]*(?:import|export)\b(?<type>[ \t]+type\b)?(?:(?!['"`;]|^[ \t]*(?:import|export|const|function|class)\b)[\s\S])*?\bfrom[ \t\n]*['"](?<specifier>[^'"\n]+)['"]/gm,
  // import 'x'
  /^[ \t]*import[ \t]*['"](?<specifier>[^'"\n]+)['"]/gm,
  // await import('x'), and import('x').T in a type
  /\bimport\(\s*['"](?<specifier>[^'"\n]+)['"]/g,
  /\b(?:import\.meta|require|createRequire\([^)]*\))\.resolve\(\s*['"](?<specifier>[^'"\n]+)['"]/g,
]

/** Comments become blanks of the same length: line numbers stay. Strings stay. */
export const withoutComments = (source: string) =>
  source.replace(/\/\*[\s\S]*?\*\/|^[ \t]*\/\/.*$/gm, (comment) => comment.replace(/[^\n]/g, ' '))

export function importsOf(source: string): Import[] {
  const text = withoutComments(source)
  const found: Import[] = []
  for (const form of FORMS) {
    for (const match of text.matchAll(form)) {
      const specifier = match.groups?.['specifier']
      if (specifier === undefined) continue
      const line = text.slice(0, match.index).split('\n').length
      found.push({ specifier, line, typeOnly: isTypeOnly(text, match) })
    }
  }
  return found
}

/** `import type …`, or `import('x').T` where no call's result is awaited or assigned. */
function isTypeOnly(text: string, match: RegExpExecArray): boolean {
  if (match.groups?.['type'] !== undefined) return true
  if (!match[0].startsWith('import(')) return false
  return (
    /[:<|&,=]\s*$/.test(text.slice(0, match.index)) &&
    /^\)\s*\./.test(text.slice(match.index + match[0].length))
  )
}
