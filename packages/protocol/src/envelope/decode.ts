import { fromBase64 } from '../base64.ts'
import type { DecodeEnvelope } from '../codec.ts'
import { parseLine } from '../json/line.ts'
import { isThere, readMessage, type Source } from '../json/read.ts'
import { readString } from '../json/scalar.ts'
import { endOf, spansOf, startOf } from '../json/scan.ts'
import type { Publication } from '../messages.ts'
import type { Payload } from '../payload.ts'
import { utf8 } from '../text.ts'
import { Malformed } from '../wire/malformed.ts'
import { publication } from '../wire/results.ts'

export const decodeEnvelope: DecodeEnvelope = (text, offset) => {
  try {
    return read(parseLine(text, utf8(text)), offset)
  } catch (error) {
    // A damaged message on the bus, which the caller counts and drops.
    if (error instanceof Malformed) return undefined
    throw error
  }
}

function read(source: Source, offset: number): Publication | undefined {
  const fields = readMessage(publication, source)
  const data = fields.data ?? bytesOf(source)
  return data === undefined ? undefined : { ...fields, data, offset }
}

function bytesOf({ text, at }: Source): Payload | undefined {
  const spans = spansOf(text, at, ['b64data'])
  const start = startOf(spans, 0)
  return isThere(text, start) ? fromBase64(readString('b64data', text, start, endOf(spans, 0))) : undefined
}
