/**
 * JSON as text. Payloads of publications are never parsed and written again on their way out, so results are put together
 * from text; on their way in, numbers that JavaScript cannot hold are kept as they were written.
 */

/** A JSON value, written. */
export type JsonText = string

/** An object of values that are JSON already; absent ones are left out. */
export function object(fields: Readonly<Record<string, JsonText | undefined>>): JsonText {
  // No arrays on the way: a list of 10,000 members is as many objects.
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

/** As the zero-value rules of the API have it: 0 and '' are left out. */
export function unlessZero(value: number | string): JsonText | undefined {
  return value === 0 || value === '' ? undefined : JSON.stringify(value)
}

/** Where a number may be one that a double cannot hold, by its looks. */
const LONG_NUMBER = /\d{16}|\d[eE][-+\d]/

/** What V8 passes to a reviver: the text of a primitive value. */
interface ReviverContext {
  readonly source?: string
}

declare global {
  interface JSON {
    /** Written as it stands by `JSON.stringify`. V8 has it since 11.4. */
    rawJSON(text: string): object
  }
}

/** `JSON.parse`, but `12345678901234567890` and `1e400` are written again as they came. Throws `SyntaxError`. */
export function parseExactly(text: string): unknown {
  if (!LONG_NUMBER.test(text)) return JSON.parse(text)
  const reviver = (_key: string, value: unknown, context?: ReviverContext): unknown => {
    if (typeof value !== 'number' || Number.isSafeInteger(value) || context?.source === undefined)
      return value
    return String(value) === context.source ? value : JSON.rawJSON(context.source)
  }
  return JSON.parse(text, reviver)
}
