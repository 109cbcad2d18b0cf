import { toBase64 } from '../base64.ts'
import type { EncodeEnvelope } from '../codec.ts'
import { writeMessage } from '../json/write.ts'
import type { Envelope, StoredPublication } from '../messages.ts'
import { oneLine } from '../text.ts'
import { publication, type WirePublication } from '../wire/results.ts'

export const encodeEnvelope: EncodeEnvelope = ({ data, ...rest }) => {
  const head = typeof data === 'string' ? `"data":${oneLine(data)}` : `"b64data":"${toBase64(data)}"`
  // Only data can be unwritable, and data stands apart.
  const tail = writeMessage(publication, { ...rest, offset: 0 }) ?? '{}'
  return (tail === '{}' ? `{${head}}` : `{${head},${tail.slice(1)}`) as Envelope
}

/** A publication from the wire as the broker keeps it. Protobuf leaves out what is empty: missing data are no bytes. */
export function stored({ offset, data, ...rest }: WirePublication): StoredPublication {
  return { offset, envelope: encodeEnvelope({ data: data ?? new Uint8Array(0), ...rest }) }
}
