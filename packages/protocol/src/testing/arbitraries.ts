/** Random messages for property tests, derived from the codecs' tables, so a new field is tested at once. */
import fc from 'fast-check'
import { encodeEnvelope } from '../envelope.ts'
import type { Command, Envelope, Publication, Push, Reply } from '../messages.ts'
import { pushOf } from '../wire/push.ts'
import { REQUESTS, VERBS } from '../wire/requests.ts'
import {
  clientInfo,
  error,
  PUSH_KINDS,
  PUSHES,
  publication,
  REPLY_VERBS,
  RESULTS,
  type WirePublication,
} from '../wire/results.ts'
import type { Field, Message, MessageOf, Shape } from '../wire/schema.ts'

/** Names, including members of JavaScript's Object prototype. */
const name = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('__proto__', 'constructor', 'hasOwnProperty', '1', '', 'data', '"\\'),
  },
)

/** JSON text without surrounding white space, including forms that JSON.stringify never writes. */
export const jsonText = fc.oneof(
  fc.json({ maxDepth: 3 }),
  fc.constantFrom(
    '9007199254740993',
    '-0',
    '1e400',
    '{"b":1,"a":2,"b":3}',
    '"\\u0041\\ud800"',
    '{ "a" : [ 1 , {"]}":"\\"" } ] }',
    '[[[[[[[[[[]]]]]]]]]]',
    'null',
    '"\u2028é😀"',
  ),
)

/** Bytes that are not JSON text. */
const opaque = fc.uint8Array({ minLength: 1, maxLength: 20 }).map((bytes) => Uint8Array.of(0xff, ...bytes))

export type Payloads = 'text' | 'any'

function payload(kind: Payloads): fc.Arbitrary<string | Uint8Array> {
  return kind === 'text' ? jsonText : fc.oneof(jsonText, opaque)
}

function value(shape: Shape, kind: Payloads): fc.Arbitrary<unknown> {
  switch (shape.kind) {
    case 'string':
      return name.filter((text) => text !== '')
    case 'json':
      return jsonText
    case 'data':
      return payload(kind)
    case 'bool':
      return fc.constant(true)
    case 'message':
      return messageOf(shape.message, kind)
    case 'strings':
      return dictionary(fc.string({ unit: 'binary', maxLength: 8 }))
    case 'map':
      return dictionary(messageOf(shape.message, kind)).map((map) => withKeys(map, shape.keyInto))
    case 'publications':
      return fc.array(stored(kind), { minLength: 1, maxLength: 3 })
    default:
      return INTEGERS[shape.kind].filter((number) => number !== 0)
  }
}

const INTEGERS = {
  uint32: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  int32: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  int64: fc.maxSafeInteger(),
  uint64: fc.maxSafeNat(),
}

/** Never empty, since the wire has no empty maps. */
function dictionary<T>(values: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> {
  return fc.array(fc.tuple(name, values), { minLength: 1, maxLength: 3 }).map((entries) => {
    const map: Record<string, T> = Object.create(null)
    for (const [key, entry] of entries) map[key] = entry
    return map
  })
}

function withKeys(map: Record<string, unknown>, keyInto: string | undefined): Record<string, unknown> {
  if (keyInto === undefined) return map
  for (const key of Object.keys(map)) map[key] = { [keyInto]: key, ...(map[key] as object) }
  return map
}

/**
 * Required fields always, others sometimes and never zero, since the wire does not distinguish zero from
 * absent.
 */
function messageOf<T>(message: MessageOf<T> | Message, kind: Payloads): fc.Arbitrary<T> {
  const record = Object.fromEntries(message.fields.map((field) => [field.name, value(field.shape, kind)]))
  const requiredKeys = message.fields.filter((field: Field) => field.required).map((field) => field.name)
  return fc.record(record, { requiredKeys, noNullPrototype: true }) as fc.Arbitrary<T>
}

/** With data. */
export function publicationOf(kind: Payloads): fc.Arbitrary<Publication> {
  return messageOf<WirePublication>(publication, kind)
    .filter(({ data }) => data !== undefined)
    .map((read) => ({ ...read, data: read.data ?? '' }))
}

export function envelope(kind: Payloads): fc.Arbitrary<Envelope> {
  return publicationOf(kind).map(encodeEnvelope)
}

function stored(kind: Payloads) {
  return fc.record({ offset: fc.maxSafeNat(), envelope: envelope(kind) }, { noNullPrototype: true })
}

const id = fc.integer({ min: 1, max: 2 ** 32 - 1 })

export function command(kind: Payloads): fc.Arbitrary<Command> {
  const verbs = VERBS.map((verb) =>
    fc
      .tuple(id, messageOf<object>(REQUESTS[verb].of, kind))
      .map(([n, request]) => ({ id: n, verb, request })),
  )
  return fc.oneof(...verbs, fc.constant({ id: 0, verb: 'pong' })) as fc.Arbitrary<Command>
}

export function reply(kind: Payloads): fc.Arbitrary<Reply> {
  const verbs = REPLY_VERBS.map((verb) =>
    fc.tuple(id, messageOf<object>(RESULTS[verb].of, kind)).map(([n, result]) => ({ id: n, verb, result })),
  )
  const failure = fc.tuple(id, messageOf(error, kind)).map(([n, e]) => ({ id: n, verb: 'error', error: e }))
  return fc.oneof(...verbs, failure) as fc.Arbitrary<Reply>
}

export function push(kind: Payloads): fc.Arbitrary<Push> {
  const kinds = PUSH_KINDS.map((of) => {
    const body = messageOf<object>(PUSHES[of].of, kind).filter((b) => of !== 'message' || 'data' in b)
    return fc.tuple(name, body).map(([channel, b]) => pushOf(of, channel, b))
  })
  const pub = fc.tuple(name, stored(kind)).map(([channel, s]) => ({ kind: 'pub' as const, channel, ...s }))
  return fc.oneof(...kinds, pub, fc.constant({ kind: 'ping' as const }))
}

export const info = messageOf(clientInfo, 'text')
