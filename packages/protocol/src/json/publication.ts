/**
 * Splices a publication's JSON out of its envelope. This is the hottest path of a node, so it parses nothing
 * and reads only both ends of the envelope.
 */

import { fromBase64 } from '../base64.ts'
import { dataOnWire } from '../delta/data-on-wire.ts'
import { partsOf } from '../envelope/parts.ts'
import type { Envelope, StoredPublication } from '../messages.ts'
import { jsonOf, textOf } from '../text.ts'

const BYTES = '{"b64data":"'

/** `undefined` when the envelope is invalid or holds bytes that are not JSON. */
export function publicationText(stored: StoredPublication): string | undefined {
  if (stored.base !== undefined) return deltaText(stored)
  const { envelope, offset } = stored
  const text = envelope.startsWith('{"data":') ? envelope : withoutBase64(envelope)
  if (text === undefined || offset === 0) return text
  return `${text.slice(0, -1)},"offset":${offset}}`
}

/** Data or patch as a JSON string: the SDK needs the exact bytes to which the next patch applies. */
function deltaText(stored: StoredPublication): string | undefined {
  const onWire = dataOnWire('json', stored)
  const parts = partsOf(stored.envelope)
  if (onWire === undefined || parts === undefined) return undefined
  // A patch is text as well: none of its parts ends within a character, see `delta/fossil.ts`.
  const data = JSON.stringify(textOf(onWire.bytes))
  const offset = stored.offset === 0 ? '' : `,"offset":${stored.offset}`
  return `{"data":${data}${parts.tail.slice(0, -1)}${offset}${onWire.isPatch ? ',"delta":true' : ''}}`
}

/** The envelope with its bytes as JSON text. */
function withoutBase64(envelope: Envelope): string | undefined {
  if (!envelope.startsWith(BYTES)) return undefined
  const end = envelope.indexOf('"', BYTES.length)
  const bytes = fromBase64(envelope.slice(BYTES.length, end))
  const data = bytes === undefined ? undefined : jsonOf(bytes)
  return data === undefined ? undefined : `{"data":${data}${envelope.slice(end + 1)}`
}
