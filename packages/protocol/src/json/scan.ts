/**
 * Finds the positions of values in a JSON text, so payloads are sliced unchanged: numbers beyond 2^53, key
 * order and escapes survive. Requires a text that `isJson` has accepted. Linear and never recursive, since
 * the sender chooses the depth.
 */
import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
} from './characters.ts'

/** The first position at or after `at` without white space. */
export function skipSpace(text: string, at: number): number {
  let i = at
  while (i < text.length && text.charCodeAt(i) <= 0x20) i++
  return i
}

/** The position after the string that starts at `at`. */
function skipString(text: string, at: number): number {
  let end = text.indexOf('"', at + 1)
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end === -1 ? text.length : end + 1
}

/** An odd number of backslashes escapes a quote. */
function isEscaped(text: string, at: number): boolean {
  let i = at - 1
  while (text.charCodeAt(i) === BACKSLASH) i--
  return (at - i) % 2 === 0
}

/** The position after the value that starts at `at`. */
export function skipValue(text: string, at: number): number {
  const first = text.charCodeAt(at)
  if (first === QUOTE) return skipString(text, at)
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return skipNested(text, at)
  let i = at
  while (i < text.length && !endsPrimitive(text.charCodeAt(i))) i++
  return i
}

function endsPrimitive(code: number): boolean {
  return code === COMMA || code === CLOSE_BRACE || code === CLOSE_BRACKET || code <= 0x20
}

function skipNested(text: string, at: number): number {
  let depth = 0
  let i = at
  while (i < text.length) {
    const code = text.charCodeAt(i)
    if (code === QUOTE) {
      i = skipString(text, i)
      continue
    }
    i++
    if (code === OPEN_BRACE || code === OPEN_BRACKET) depth++
    else if ((code === CLOSE_BRACE || code === CLOSE_BRACKET) && --depth === 0) return i
  }
  return i
}

/**
 * The positions of the members with these names in the object at `at`: alternately start and end, in the
 * order of the names; -1 for a missing member. Of duplicates the last counts, as in `JSON.parse`.
 */
export function spansOf(text: string, at: number, names: readonly string[]): number[] {
  const spans = new Array<number>(2 * names.length)
  for (let i = 0; i < spans.length; i++) spans[i] = -1
  let i = skipSpace(text, at + 1)
  while (text.charCodeAt(i) === QUOTE) {
    const keyEnd = skipString(text, i)
    const value = skipSpace(text, skipColon(text, keyEnd))
    const end = skipValue(text, value)
    const name = indexOfKey(names, text, i + 1, keyEnd - 1)
    if (name !== -1) {
      spans[2 * name] = value
      spans[2 * name + 1] = end
    }
    i = next(text, end)
  }
  return spans
}

/** The start of the value of the `nth` name. */
export function startOf(spans: readonly number[], nth: number): number {
  return spans[2 * nth] ?? -1
}

/** The end of the value of the `nth` name. */
export function endOf(spans: readonly number[], nth: number): number {
  return spans[2 * nth + 1] ?? -1
}

function indexOfKey(names: readonly string[], text: string, start: number, end: number): number {
  for (let i = 0; i < names.length; i++) {
    const name = names[i] ?? ''
    if (name.length === end - start && text.startsWith(name, start)) return i
  }
  const key = text.slice(start, end)
  return key.includes('\\') ? names.indexOf(JSON.parse(`"${key}"`)) : -1
}

/** The start of every member's value, by key, for keys that are not known in advance. */
export function members(text: string, at: number): Map<string, number> {
  const found = new Map<string, number>()
  let i = skipSpace(text, at + 1)
  while (text.charCodeAt(i) === QUOTE) {
    const keyEnd = skipString(text, i)
    const value = skipSpace(text, skipColon(text, keyEnd))
    found.set(JSON.parse(text.slice(i, keyEnd)), value)
    i = next(text, skipValue(text, value))
  }
  return found
}

/** True when the object at `at` has no members. */
export function isEmpty({ text, at }: { readonly text: string; readonly at: number }): boolean {
  return text.charCodeAt(skipSpace(text, at + 1)) === CLOSE_BRACE
}

function skipColon(text: string, at: number): number {
  const colon = skipSpace(text, at)
  return text.charCodeAt(colon) === COLON ? colon + 1 : colon
}

/** The position after the comma that follows a member or element. */
function next(text: string, at: number): number {
  const comma = skipSpace(text, at)
  return text.charCodeAt(comma) === COMMA ? skipSpace(text, comma + 1) : comma
}

/** The starts of the elements of the array at `at`. */
export function elements(text: string, at: number): number[] {
  const found: number[] = []
  let i = skipSpace(text, at + 1)
  while (i < text.length && text.charCodeAt(i) !== CLOSE_BRACKET) {
    found.push(i)
    i = next(text, skipValue(text, i))
  }
  return found
}
