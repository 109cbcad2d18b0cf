import { fromBase64 } from '../base64.ts'
import type { DecodeEnvelope } from '../codec.ts'
import { isObject, property, readMessage, type Source } from '../json/read.ts'
import type { Publication } from '../messages.ts'
import type { Payload } from '../payload.ts'
import { Malformed } from '../wire/malformed.ts'
import { publication } from '../wire/results.ts'

export const decodeEnvelope: DecodeEnvelope = (text, offset) => {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? read({ value, text, at: text.indexOf('{') }, offset) : undefined
  } catch (error) {
    // A damaged message on the bus: the caller counts and drops it.
    if (error instanceof SyntaxError || error instanceof Malformed) return undefined
    throw error
  }
}

function read(source: Source, offset: number): Publication | undefined {
  const { data: text, ...rest } = readMessage(publication, source)
  const data = text ?? bytesOf(source.value)
  return data === undefined ? undefined : { ...rest, data, offset }
}

function bytesOf(value: object): Payload | undefined {
  const base64 = property(value, 'b64data')
  return typeof base64 === 'string' ? fromBase64(base64) : undefined
}
