/** Writes one message as Protobuf by its table, in the order of the table and without zero values. */
import protobuf from 'protobufjs/minimal.js'
import { dataOnWire } from '../delta/data-on-wire.ts'
import { decodeEnvelope } from '../envelope/decode.ts'
import type { StoredPublication } from '../messages.ts'
import type { Payload } from '../payload.ts'
import { Malformed } from '../wire/malformed.ts'
import { deltaPublication, publication } from '../wire/results.ts'
import { isZero, type Message, type MessageOf, type Shape } from '../wire/schema.ts'

export type Writer = protobuf.Writer

export function createWriter(): Writer {
  return protobuf.Writer.create()
}

const VARINT = 0
const DELIMITED = 2

export function tag(writer: Writer, number: number, wireType: 0 | 2): Writer {
  return writer.uint32((number << 3) | wireType)
}

/** Writes the length-prefixed message. @throws Malformed for an invalid envelope */
export function writeMessage<T extends object>(writer: Writer, message: MessageOf<T>, value: T): void {
  writeFields(writer, message, value as Record<string, unknown>)
}

/** Writes the message as field `number` of another. */
export function writeField<T extends object>(
  writer: Writer,
  number: number,
  message: MessageOf<T>,
  value: T,
): void {
  writeMessage(tag(writer, number, DELIMITED), message, value)
}

function writeFields(writer: Writer, message: Message, value: Record<string, unknown>): void {
  writer.fork()
  for (const { no, name, shape } of message.fields) {
    const entry = value[name]
    if (entry !== undefined && !isZero(shape, entry)) writeValue(writer, no, shape, entry)
  }
  writer.ldelim()
}

function writeValue(writer: Writer, no: number, shape: Shape, value: unknown): void {
  switch (shape.kind) {
    case 'message':
      writeFields(tag(writer, no, DELIMITED), shape.message, value as Record<string, unknown>)
      break
    case 'strings':
      writeStrings(writer, no, value as Record<string, string>)
      break
    case 'map':
      writeMap(writer, no, shape.message, value as Record<string, Record<string, unknown>>)
      break
    case 'publications':
      writePublications(writer, no, value as readonly StoredPublication[])
      break
    case 'string':
    case 'json':
    case 'data':
      writePayload(tag(writer, no, DELIMITED), value as Payload)
      break
    default:
      writeNumber(tag(writer, no, VARINT), shape.kind, value)
      break
  }
}

/**
 * Strings have the form of bytes. Lone surrogates would become invalid UTF-8, on which some SDKs disconnect.
 */
export function writePayload(writer: Writer, value: Payload): void {
  if (typeof value === 'string') writer.string(value.toWellFormed())
  else writer.bytes(value)
}

function writeNumber(
  writer: Writer,
  kind: 'bool' | 'uint32' | 'int32' | 'int64' | 'uint64',
  value: unknown,
): void {
  if (kind === 'bool') writer.bool(value === true)
  else writer[kind](value as number)
}

function writeStrings(writer: Writer, no: number, map: Record<string, string>): void {
  for (const [key, value] of Object.entries(map)) {
    writeKey(tag(writer, no, DELIMITED).fork(), key)
    writePayload(tag(writer, 2, DELIMITED), value)
    writer.ldelim()
  }
}

function writeMap(
  writer: Writer,
  no: number,
  message: Message,
  map: Record<string, Record<string, unknown>>,
): void {
  for (const [key, value] of Object.entries(map)) {
    writeKey(tag(writer, no, DELIMITED).fork(), key)
    writeFields(tag(writer, 2, DELIMITED), message, value)
    writer.ldelim()
  }
}

function writeKey(writer: Writer, key: string): void {
  writePayload(tag(writer, 1, DELIMITED), key)
}

function writePublications(writer: Writer, no: number, publications: readonly StoredPublication[]): void {
  for (const stored of publications) writePublication(tag(writer, no, DELIMITED), stored)
}

/** Writes a length-prefixed stored publication. */
export function writePublication(writer: Writer, stored: StoredPublication): void {
  const opened = decodeEnvelope(stored.envelope, stored.offset)
  // The first publication of a subscription with deltas has the ordinary form.
  const { base = null } = stored
  const onWire = base === null ? undefined : dataOnWire('protobuf', stored)
  if (opened === undefined) throw new Malformed('not an envelope')
  if (onWire?.isPatch === true)
    writeMessage(writer, deltaPublication, { ...opened, data: onWire.bytes, delta: true })
  else writeMessage(writer, publication, opened)
}
