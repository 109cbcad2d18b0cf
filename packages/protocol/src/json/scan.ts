/**
 * Finds where values stand in a JSON text, so that payloads are cut out of it as they are: numbers beyond 2^53, key
 * order and escapes survive. Only for texts that `JSON.parse` has accepted. Linear in the text, and never recursive:
 * depth is chosen by the sender.
 */
const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d

/** The first place at or after `at` that is no white space. */
export function skipSpace(text: string, at: number): number {
  let i = at
  while (i < text.length && text.charCodeAt(i) <= 0x20) i++
  return i
}

/** Behind the string that starts at `at`. */
function skipString(text: string, at: number): number {
  let end = text.indexOf('"', at + 1)
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end === -1 ? text.length : end + 1
}

/** An odd number of backslashes before a quote makes it part of the string. */
function isEscaped(text: string, at: number): boolean {
  let i = at - 1
  while (text.charCodeAt(i) === BACKSLASH) i--
  return (at - i) % 2 === 0
}

/** Behind the value that starts at `at`. */
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

/** Where the value of `key` starts in the object at `at`; -1 without one. Of duplicates the last, as `JSON.parse`. */
export function memberAt(text: string, at: number, key: string): number {
  let found = -1
  eachMember(text, at, (start, end, value) => {
    if (isKey(text, start, end, key)) found = value
  })
  return found
}

/** Where the value of every key starts, in one pass: looking for each by itself would be quadratic. */
export function members(text: string, at: number): Map<string, number> {
  const found = new Map<string, number>()
  eachMember(text, at, (start, end, value) => found.set(JSON.parse(text.slice(start - 1, end + 1)), value))
  return found
}

function eachMember(
  text: string,
  at: number,
  visit: (start: number, end: number, value: number) => void,
): void {
  let i = skipSpace(text, at + 1)
  while (text.charCodeAt(i) === QUOTE) {
    const keyEnd = skipString(text, i)
    const value = skipSpace(text, skipColon(text, keyEnd))
    visit(i + 1, keyEnd - 1, value)
    i = next(text, skipValue(text, value))
  }
}

function skipColon(text: string, at: number): number {
  const colon = skipSpace(text, at)
  return text.charCodeAt(colon) === COLON ? colon + 1 : colon
}

/** Behind the comma after a member or an element. */
function next(text: string, at: number): number {
  const comma = skipSpace(text, at)
  return text.charCodeAt(comma) === COMMA ? skipSpace(text, comma + 1) : comma
}

function isKey(text: string, start: number, end: number, key: string): boolean {
  if (end - start === key.length) return text.startsWith(key, start)
  const raw = text.slice(start, end)
  return raw.includes('\\') && JSON.parse(`"${raw}"`) === key
}

/** Where the elements of the array at `at` start. */
export function elements(text: string, at: number): number[] {
  const found: number[] = []
  let i = skipSpace(text, at + 1)
  while (i < text.length && text.charCodeAt(i) !== CLOSE_BRACKET) {
    found.push(i)
    i = next(text, skipValue(text, i))
  }
  return found
}
