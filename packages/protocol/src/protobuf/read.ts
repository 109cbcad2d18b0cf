/** Reads one message from Protobuf, by its table. */
import { stored } from '../envelope/encode.ts'
import { isJson } from '../json/is-json.ts'
import type { Payload } from '../payload.ts'
import { textOf } from '../text.ts'
import { publication } from '../wire/results.ts'
import { type Field, type Message, type MessageOf, type Shape, zeroOf } from '../wire/schema.ts'
import { DELIMITED, eachField, expect, integer, type Reader, text, VARINT } from './reader.ts'

type Fields = Record<string, unknown>

/** Reads a length-prefixed message. @throws Malformed */
export function readMessage<T>(message: MessageOf<T>, reader: Reader): T {
  return readFields(message, reader) as T
}

function readFields(message: Message, reader: Reader): Fields {
  const out: Fields = {}
  eachField(reader, (number, wireType) => {
    const field = message.byNumber.get(number)
    if (field === undefined) return false
    expect(field.wire, wireType, wireTypeOf(field.shape))
    readField(field, reader, out)
    return true
  })
  return withZeros(message, out)
}

function withZeros(message: Message, out: Fields): Fields {
  for (const { required, name, shape } of message.fields) {
    if (required && !Object.hasOwn(out, name)) out[name] = zeroOf(shape)
  }
  return out
}

function wireTypeOf({ kind }: Shape): number {
  switch (kind) {
    case 'bool':
    case 'uint32':
    case 'int32':
    case 'int64':
    case 'uint64':
      return VARINT
    default:
      return DELIMITED
  }
}

/** Omits zero values that are on the wire. Of repeated scalars the last counts. */
function readField({ name, wire, shape }: Field, reader: Reader, out: Fields): void {
  switch (shape.kind) {
    case 'message':
      out[name] = readFields(shape.message, reader)
      break
    case 'strings':
      readStringsEntry(reader, map(out, name), wire)
      break
    case 'map':
      readMapEntry(shape, reader, map(out, name), wire)
      break
    case 'publications':
      list(out, name).push(stored(readMessage(publication, reader)))
      break
    default:
      set(out, name, readScalar(shape.kind, reader, wire))
  }
}

function set(out: Fields, name: string, value: string | number | boolean | Uint8Array | undefined): void {
  if (value) out[name] = value
  else delete out[name]
}

/** The client chooses the keys. Without a prototype, `__proto__` is an ordinary key. */
function map(out: Fields, name: string): Fields {
  out[name] ??= Object.create(null)
  return out[name] as Fields
}

function list(out: Fields, name: string): unknown[] {
  out[name] ??= []
  return out[name] as unknown[]
}

function readStringsEntry(reader: Reader, into: Fields, wire: string): void {
  const [key, value] = readEntry(reader, wire, () => text(reader, wire))
  into[key] = value ?? ''
}

function readMapEntry(shape: Shape & { kind: 'map' }, reader: Reader, into: Fields, wire: string): void {
  const { message, keyInto } = shape
  const [key, value] = readEntry(reader, wire, () => readFields(message, reader))
  const filled = value ?? withZeros(message, {})
  into[key] = keyInto === undefined ? filled : { [keyInto]: key, ...filled }
}

/** A map entry is a message with key 1 and value 2. */
function readEntry<T>(reader: Reader, wire: string, read: () => T): [string, T | undefined] {
  let key = ''
  let value: T | undefined
  eachField(reader, (number, wireType) => {
    if (number > 2) return false
    expect(wire, wireType, DELIMITED)
    if (number === 1) key = text(reader, wire)
    else value = read()
    return true
  })
  return [key, value]
}

function readScalar(
  kind: Exclude<Shape['kind'], 'message' | 'strings' | 'map' | 'publications'>,
  reader: Reader,
  wire: string,
): string | number | boolean | Uint8Array | undefined {
  switch (kind) {
    case 'string':
    case 'json':
      return text(reader, wire)
    case 'data':
      return payloadOf(reader.bytes())
    case 'bool':
      return reader.bool()
    default:
      return integer(reader, kind, wire)
  }
}

/**
 * JSON text where the bytes are that, on one line and without white space around it, so that an envelope
 * gives the very bytes back; otherwise the bytes, copied, as the frame's memory is not ours. `undefined` for
 * none, as Protobuf has it.
 */
function payloadOf(bytes: Uint8Array): Payload | undefined {
  if (bytes.length === 0) return undefined
  const json = textOf(bytes)
  return json !== undefined && isBare(json) && isJson(bytes) ? json : new Uint8Array(bytes)
}

function isBare(json: string): boolean {
  return json.charCodeAt(0) > SPACE && json.charCodeAt(json.length - 1) > SPACE && !json.includes('\n')
}

const SPACE = 0x20
