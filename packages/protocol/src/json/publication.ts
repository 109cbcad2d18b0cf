/**
 * A publication's JSON, spliced out of its envelope: the hottest path of a node, so nothing is parsed and nothing is
 * looked at but the envelope's two ends.
 */

import { fromBase64 } from '../base64.ts'
import type { Envelope } from '../messages.ts'
import { jsonOf } from '../text.ts'

const BYTES = '{"b64data":"'

/** `undefined` when the envelope holds bytes that are not JSON, or is none. */
export function publicationText(envelope: Envelope, offset: number): string | undefined {
  const text = envelope.startsWith('{"data":') ? envelope : withoutBase64(envelope)
  if (text === undefined || offset === 0) return text
  return `${text.slice(0, -1)},"offset":${offset}}`
}

/** The envelope with its bytes as JSON text. */
function withoutBase64(envelope: Envelope): string | undefined {
  if (!envelope.startsWith(BYTES)) return undefined
  const end = envelope.indexOf('"', BYTES.length)
  const bytes = fromBase64(envelope.slice(BYTES.length, end))
  const data = bytes === undefined ? undefined : jsonOf(bytes)
  return data === undefined ? undefined : `{"data":${data}${envelope.slice(end + 1)}`
}
