/** Splits an envelope into its data and the rest, without parsing. */
import { fromBase64 } from '../base64.ts'
import { skipValue } from '../json/scan.ts'
import type { Envelope } from '../messages.ts'
import type { Payload } from '../payload.ts'

const TEXT = '{"data":'
const BYTES = '{"b64data":'

/** `tail` begins at the comma or brace behind the data. `undefined` for an invalid envelope. */
export function partsOf(envelope: Envelope): { readonly data: Payload; readonly tail: string } | undefined {
  const isText = envelope.startsWith(TEXT)
  if (!isText && !envelope.startsWith(BYTES)) return undefined
  const from = isText ? TEXT.length : BYTES.length
  const end = skipValue(envelope, from)
  const written = envelope.slice(from, end)
  const data = isText ? written : fromBase64(written.slice(1, -1))
  return data === undefined ? undefined : { data, tail: envelope.slice(end) }
}
