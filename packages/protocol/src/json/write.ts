/** Writes one message as JSON text, by its table. `undefined` when a payload in it is not JSON. */
import type { StoredPublication } from '../messages.ts'
import type { Payload } from '../payload.ts'
import { jsonOf, oneLine } from '../text.ts'
import { type Field, isZero, type Message, type MessageOf, type Shape } from '../wire/schema.ts'
import { publicationText } from './publication.ts'
import { quoted } from './quote.ts'

export function writeMessage<T extends object>(message: MessageOf<T>, value: T): string | undefined {
  return writeFields(message, value as Record<string, unknown>)
}

function writeFields(message: Message, value: Record<string, unknown>): string | undefined {
  let text = ''
  for (const field of message.fields) {
    const entry = value[field.name]
    if (isLeftOut(field, entry)) continue
    const written = writeValue(field.shape, entry)
    if (written === undefined) return undefined
    text += (text === '' ? field.firstKey : field.nextKey) + written
  }
  return text === '' ? '{}' : `${text}}`
}

/** Omits zero values, as Protobuf does, unless the table requires them. */
function isLeftOut(field: Field, value: unknown): boolean {
  if (value === undefined) return true
  return !field.always && isZero(field.shape, value)
}

function writeValue(shape: Shape, value: unknown): string | undefined {
  switch (shape.kind) {
    case 'json':
      return oneLine(value as string)
    case 'data':
      return payloadText(value as Payload)
    case 'message':
      return writeFields(shape.message, value as Record<string, unknown>)
    case 'map':
      return writeMap(shape.message, value as Record<string, Record<string, unknown>>)
    case 'publications':
      return writePublications(value as readonly StoredPublication[])
    case 'string':
      return quoted(value as string)
    case 'strings':
      return JSON.stringify(value)
    case 'bool':
      return String(value)
    default:
      // A number that is not finite becomes null.
      return Number.isFinite(value) ? String(value) : JSON.stringify(value)
  }
}

/** A payload as JSON text on one line; `undefined` when its bytes are not JSON. */
export function payloadText(payload: Payload): string | undefined {
  return typeof payload === 'string' ? oneLine(payload) : jsonOf(payload)
}

function writeMap(message: Message, map: Record<string, Record<string, unknown>>): string | undefined {
  let text = ''
  for (const [key, value] of Object.entries(map)) {
    const written = writeFields(message, value)
    if (written === undefined) return undefined
    text += `${text === '' ? '{' : ','}${quoted(key)}:${written}`
  }
  return text === '' ? '{}' : `${text}}`
}

function writePublications(publications: readonly StoredPublication[]): string | undefined {
  let text = ''
  for (const stored of publications) {
    const written = publicationText(stored)
    if (written === undefined) return undefined
    text += `${text === '' ? '[' : ','}${written}`
  }
  return text === '' ? '[]' : `${text}]`
}
