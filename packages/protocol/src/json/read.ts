/** Reads one message out of parsed JSON, by its table. Payloads are cut out of the text; see `scan.ts`. */
import { stored } from '../envelope/encode.ts'
import type { StoredPublication } from '../messages.ts'
import { Malformed } from '../wire/malformed.ts'
import { publication } from '../wire/results.ts'
import { type Field, type Message, type MessageOf, type Shape, zeroOf } from '../wire/schema.ts'
import { elements, memberAt, members, skipValue } from './scan.ts'

/** A parsed object and the place in `text` where it starts. */
export interface Source {
  readonly value: object
  readonly text: string
  readonly at: number
}

/** Whether `value` is what JSON calls an object. */
export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The own property, or `undefined` where it is missing or null: Protobuf's JSON has no difference between these. */
export function property(value: object, key: string): unknown {
  if (!Object.hasOwn(value, key)) return undefined
  return (value as Record<string, unknown>)[key] ?? undefined
}

/** The object under `key`, with its place. */
export function child(source: Source, key: string): Source | undefined {
  const value = property(source.value, key)
  if (value === undefined) return undefined
  if (!isObject(value)) throw new Malformed(`${key} must be an object`)
  return { value, text: source.text, at: memberAt(source.text, source.at, key) }
}

/** @throws Malformed */
export function readMessage<T>(message: MessageOf<T>, source: Source): T {
  return readFields(message, source) as T
}

function readFields(message: Message, source: Source): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  for (const field of message.fields) {
    const value = readField(field, source)
    if (value !== undefined) out[field.name] = value
    else if (field.required) out[field.name] = zeroOf(field.shape)
  }
  return out
}

/** `undefined` for what is missing, zero, or null; but null is a payload like any other. */
function readField(field: Field, source: Source): unknown {
  const { shape, wire } = field
  if (shape.kind === 'data' || shape.kind === 'json') return rawText(source, wire)
  const value = property(source.value, wire)
  if (value === undefined) return undefined
  switch (shape.kind) {
    case 'message':
      return readChild(shape.message, source, wire)
    case 'strings':
      return readStrings(wire, value)
    case 'map':
      return readMap(shape, child(source, wire))
    case 'publications':
      return readPublications(source, wire, value)
    default:
      return readScalar(shape.kind, wire, value)
  }
}

function readChild(message: Message, source: Source, wire: string): Record<string, unknown> | undefined {
  const inner = child(source, wire)
  return inner === undefined ? undefined : readFields(message, inner)
}

function rawText({ value, text, at }: Source, wire: string): string | undefined {
  if (!Object.hasOwn(value, wire)) return undefined
  const start = memberAt(text, at, wire)
  return text.slice(start, skipValue(text, start))
}

function readStrings(wire: string, value: unknown): Record<string, string> {
  if (!isObject(value)) throw new Malformed(`${wire} must be an object`)
  const out: Record<string, string> = Object.create(null)
  for (const [key, entry] of Object.entries(value)) {
    if (typeof entry !== 'string') throw new Malformed(`${wire} must hold strings`)
    out[key] = entry
  }
  return out
}

function readMap(shape: Shape & { kind: 'map' }, source: Source | undefined): unknown {
  if (source === undefined) return undefined
  const out: Record<string, unknown> = Object.create(null)
  for (const [key, at] of members(source.text, source.at)) {
    const value = property(source.value, key)
    if (value === undefined) continue
    if (!isObject(value)) throw new Malformed(`${JSON.stringify(key.slice(0, 32))} must be an object`)
    out[key] = withKey(shape.keyInto, key, readFields(shape.message, { value, text: source.text, at }))
  }
  return out
}

function withKey(name: string | undefined, key: string, entry: Record<string, unknown>): object {
  return name === undefined ? entry : { [name]: key, ...entry }
}

function readPublications(source: Source, wire: string, value: unknown): StoredPublication[] {
  if (!Array.isArray(value)) throw new Malformed(`${wire} must be a list`)
  const places = elements(source.text, memberAt(source.text, source.at, wire))
  return value.map((entry: unknown, i) => {
    if (!isObject(entry)) throw new Malformed(`${wire} must hold objects`)
    return stored(readMessage(publication, { value: entry, text: source.text, at: places[i] ?? 0 }))
  })
}

const RANGES = {
  uint32: [0, 2 ** 32 - 1, 'an integer from 0 to 4294967295'],
  int32: [-(2 ** 31), 2 ** 31 - 1, 'a 32-bit integer'],
  int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 'an integer within 2^53'],
  uint64: [0, Number.MAX_SAFE_INTEGER, 'an integer from 0 to 2^53-1'],
} as const

function readScalar(kind: 'string' | 'bool' | keyof typeof RANGES, wire: string, value: unknown): unknown {
  if (kind === 'string') {
    if (typeof value !== 'string') throw new Malformed(`${wire} must be a string`)
    return value === '' ? undefined : value
  }
  if (kind === 'bool') {
    if (typeof value !== 'boolean') throw new Malformed(`${wire} must be true or false`)
    return value ? true : undefined
  }
  return readInteger(kind, wire, value) || undefined
}

/** @throws Malformed */
export function readInteger(kind: keyof typeof RANGES, wire: string, value: unknown): number {
  const [low, high, words] = RANGES[kind]
  if (typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high) return value
  throw new Malformed(`${wire} must be ${words}`)
}
