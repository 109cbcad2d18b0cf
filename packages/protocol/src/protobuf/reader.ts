/**
 * A strict reader of the Protobuf wire. protobufjs reads the primitives; this file rejects wrong wire types,
 * integers beyond 32 bits and invalid UTF-8. No memory is allocated from a declared length: bytes are views
 * of the frame.
 */
import protobuf from 'protobufjs/minimal.js'
import { textOf } from '../text.ts'
import { Malformed } from '../wire/malformed.ts'

export type Reader = protobuf.Reader

export function readerOf(bytes: Uint8Array): Reader {
  return new protobuf.Reader(bytes)
}

/** Wire types. Groups (3, 4) are obsolete and rejected. */
export const VARINT = 0
export const FIXED64 = 1
export const DELIMITED = 2
export const FIXED32 = 5

/** Reads a length-prefixed message. `visit` reads each field's value, or returns false to skip it. */
export function eachField(reader: Reader, visit: (number: number, wireType: number) => boolean): void {
  const length = reader.size()
  const end = reader.pos + length
  if (end > reader.len) throw new Malformed('truncated message')
  const outer = reader.len
  // The reader stops at `len`, so a field cannot exceed its message.
  reader.len = end
  while (reader.pos < end) {
    const tag = reader.tag()
    if (tag < 8) throw new Malformed('field number 0')
    if (!visit(tag >>> 3, tag & 7)) skip(reader, tag & 7)
  }
  reader.len = outer
}

function skip(reader: Reader, wireType: number): void {
  switch (wireType) {
    case VARINT:
      reader.uint64()
      break
    case FIXED64:
      reader.skip(8)
      break
    case DELIMITED:
      reader.skip(reader.size())
      break
    case FIXED32:
      reader.skip(4)
      break
    default:
      throw new Malformed(`wire type ${wireType}`)
  }
}

/** @throws Malformed unless the field came with the wire type that its table says */
export function expect(name: string, wireType: number, expected: number): void {
  if (wireType !== expected) throw new Malformed(`${name} has wire type ${wireType}, not ${expected}`)
}

const RANGES = {
  uint32: [0, 2 ** 32 - 1, '32 bits'],
  int32: [-(2 ** 31), 2 ** 31 - 1, '32 bits'],
  int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, '2^53'],
  uint64: [0, Number.MAX_SAFE_INTEGER, '2^53'],
} as const

const UINT32_COUNT = 2 ** 32

export function integer(reader: Reader, kind: keyof typeof RANGES, name: string): number {
  const signed = kind === 'int32' || kind === 'int64'
  const value = signed ? numberOf(reader.int64(), 0) : numberOf(reader.uint64(), UINT32_COUNT)
  const [low, high, words] = RANGES[kind]
  if (value < low || value > high) throw new Malformed(`${name} exceeds ${words}`)
  return value
}

/** Rounds beyond 2^53, but never into the range. `wrap` makes the upper half unsigned. */
function numberOf({ high, low }: { readonly high: number; readonly low: number }, wrap: number): number {
  return (high < 0 ? high + wrap : high) * UINT32_COUNT + (low >>> 0)
}

export function text(reader: Reader, name: string): string {
  const value = textOf(reader.bytes())
  if (value === undefined) throw new Malformed(`${name} is not UTF-8`)
  return value
}
