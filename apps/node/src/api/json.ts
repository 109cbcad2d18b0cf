/**
 * JSON as text. Results are joined from text, since payloads of publications are not parsed and serialised
 * again. Requests keep the text of numbers that a double cannot represent.
 */

/** A JSON value as text. */
export type JsonText = string

/** An object of values that are JSON text; without the absent ones. */
export function object(fields: Readonly<Record<string, JsonText | undefined>>): JsonText {
  // No intermediate arrays: a list of 10,000 members is as many objects.
  let text = ''
  for (const name of Object.keys(fields)) {
    const value = fields[name]
    if (value !== undefined) text += `${text === '' ? '{' : ','}${JSON.stringify(name)}:${value}`
  }
  return text === '' ? '{}' : `${text}}`
}

export function array(items: readonly JsonText[]): JsonText {
  return `[${items.join(',')}]`
}

/** The API omits zero values: 0 and ''. */
export function unlessZero(value: number | string): JsonText | undefined {
  return value === 0 || value === '' ? undefined : JSON.stringify(value)
}

/** Matches the text of numbers that a double may not represent. */
const LONG_NUMBER = /\d{16}|\d[eE][-+\d]/

/** The third argument of a reviver: the text of a primitive value. */
interface ReviverContext {
  readonly source?: string
}

declare global {
  interface JSON {
    /** `JSON.stringify` writes its text unchanged. In V8 since 11.4. */
    rawJSON(text: string): object
  }
}

/** As `JSON.parse`, but `12345678901234567890` and `1e400` keep their text. Throws `SyntaxError`. */
export function parseExactly(text: string): unknown {
  if (!LONG_NUMBER.test(text)) return JSON.parse(text)
  const reviver = (_key: string, value: unknown, context?: ReviverContext): unknown => {
    if (typeof value !== 'number' || Number.isSafeInteger(value) || context?.source === undefined)
      return value
    return String(value) === context.source ? value : JSON.rawJSON(context.source)
  }
  return JSON.parse(text, reviver)
}
