/**
 * Reads one message by its table from a text that `isJson` has accepted. Payloads are sliced: see `scan.ts`.
 */
import { stored } from '../envelope/encode.ts'
import type { StoredPublication } from '../messages.ts'
import { Malformed } from '../wire/malformed.ts'
import { publication } from '../wire/results.ts'
import { type Field, type Message, type MessageOf, type Shape, zeroOf } from '../wire/schema.ts'
import { N, OPEN_BRACE, OPEN_BRACKET } from './characters.ts'
import { readBoolean, readInteger, readString } from './scalar.ts'
import { elements, endOf, members, spansOf, startOf } from './scan.ts'

/** A position in a text where an object starts. */
export interface Source {
  readonly text: string
  readonly at: number
}

/** Whether the member has a value: Protobuf's JSON treats missing and null alike. */
export function isThere(text: string, start: number): boolean {
  return start !== -1 && text.charCodeAt(start) !== N
}

/** The index of the first name from `nth` on with a value; -1 if there is none. */
export function firstThere(text: string, spans: readonly number[], nth: number): number {
  for (let i = nth; 2 * i < spans.length; i++) {
    if (isThere(text, startOf(spans, i))) return i
  }
  return -1
}

/** @throws Malformed unless the value is an object */
export function objectAt(wire: string, text: string, at: number): Source {
  if (text.charCodeAt(at) !== OPEN_BRACE) throw new Malformed(`${wire} must be an object`)
  return { text, at }
}

/** @throws Malformed */
export function readMessage<T>(message: MessageOf<T>, { text, at }: Source): T {
  return readFields(message, text, at) as T
}

function readFields(message: Message, text: string, at: number): Record<string, unknown> {
  const spans = spansOf(text, at, message.wires)
  const out: Record<string, unknown> = {}
  let nth = 0
  for (const field of message.fields) {
    const value = readField(field, text, startOf(spans, nth), endOf(spans, nth))
    if (value !== undefined) out[field.name] = value
    else if (field.required) out[field.name] = zeroOf(field.shape)
    nth++
  }
  return out
}

/** `undefined` for missing, zero and null values; for a payload, null is a value. */
function readField({ shape, wire }: Field, text: string, start: number, end: number): unknown {
  if (start === -1) return undefined
  if (shape.kind === 'data' || shape.kind === 'json') return text.slice(start, end)
  if (!isThere(text, start)) return undefined
  switch (shape.kind) {
    case 'string':
      return readString(wire, text, start, end) || undefined
    case 'bool':
      return readBoolean(wire, text, start) || undefined
    case 'message':
      return readFields(shape.message, text, objectAt(wire, text, start).at)
    case 'strings':
      return readStrings(wire, text, start, end)
    case 'map':
      return readMap(shape, objectAt(wire, text, start))
    case 'publications':
      return readPublications(wire, text, start)
    default:
      return readInteger(shape.kind, wire, text, start, end) || undefined
  }
}

/** The client chooses the keys. Without a prototype, `__proto__` is an ordinary key. */
function readStrings(wire: string, text: string, start: number, end: number): Record<string, string> {
  const { at } = objectAt(wire, text, start)
  const out: Record<string, string> = Object.create(null)
  for (const [key, entry] of Object.entries<unknown>(JSON.parse(text.slice(at, end)))) {
    if (typeof entry !== 'string') throw new Malformed(`${wire} must hold strings`)
    out[key] = entry
  }
  return out
}

function readMap({ message, keyInto }: Shape & { kind: 'map' }, { text, at }: Source): unknown {
  const out: Record<string, unknown> = Object.create(null)
  for (const [key, start] of members(text, at)) {
    if (!isThere(text, start)) continue
    const entry = readFields(message, text, objectAt(JSON.stringify(key.slice(0, 32)), text, start).at)
    out[key] = keyInto === undefined ? entry : { [keyInto]: key, ...entry }
  }
  return out
}

function readPublications(wire: string, text: string, start: number): StoredPublication[] {
  if (text.charCodeAt(start) !== OPEN_BRACKET) throw new Malformed(`${wire} must be a list`)
  return elements(text, start).map((at) => {
    if (text.charCodeAt(at) !== OPEN_BRACE) throw new Malformed(`${wire} must hold objects`)
    return stored(readMessage(publication, { text, at }))
  })
}
