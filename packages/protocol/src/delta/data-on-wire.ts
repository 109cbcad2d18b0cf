/**
 * The data of a publication for a subscription with deltas: whole the first time, then a patch of the
 * previous data.
 */
import { partsOf } from '../envelope/parts.ts'
import type { Envelope, StoredPublication } from '../messages.ts'
import type { Encoding } from '../payload.ts'
import { jsonOf, utf8 } from '../text.ts'
import { createPatch } from './fossil.ts'

/** Larger envelopes are sent whole, since a patch costs 10 to 25 ns a byte of the event loop's time. */
const MAX_DELTA_CHARACTERS = 65_536

export interface DataOnWire {
  readonly bytes: Uint8Array
  readonly isPatch: boolean
}

/** `undefined` when the envelope is invalid or its data cannot be encoded. */
export function dataOnWire(
  encoding: Encoding,
  { envelope, base = null }: StoredPublication,
): DataOnWire | undefined {
  const whole = bytesIn(encoding, envelope)
  if (whole === undefined) return undefined
  const before =
    base === null || base.length > MAX_DELTA_CHARACTERS || envelope.length > MAX_DELTA_CHARACTERS
      ? undefined
      : bytesIn(encoding, base)
  const patch = before === undefined ? undefined : createPatch(before, whole)
  if (patch === undefined || patch.length >= whole.length) return { bytes: whole, isPatch: false }
  return { bytes: patch, isPatch: true }
}

function bytesIn(encoding: Encoding, envelope: Envelope): Uint8Array | undefined {
  const data = partsOf(envelope)?.data
  if (data === undefined || (typeof data !== 'string' && encoding === 'protobuf')) return data
  const text = typeof data === 'string' ? data.toWellFormed() : jsonOf(data)
  return text === undefined ? undefined : utf8(text)
}
