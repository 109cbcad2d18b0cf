/** Test data for both encodings: values for the JSON SDK, bytes of JSON text for the Protobuf SDK. */
import type { Encoding } from '@skein/protocol'

export type Data = string | number | boolean | null | readonly Data[] | { readonly [key: string]: Data }

/** Data as the SDK takes it in this encoding. */
export function encodeData(encoding: Encoding, data: Data): unknown {
  return encoding === 'json' ? data : new TextEncoder().encode(JSON.stringify(data))
}

/** Data of the SDK as a plain value; `undefined` for none. */
export function decodeData(data: unknown): Data | undefined {
  if (data === undefined || data === null) return undefined
  if (!(data instanceof Uint8Array)) return data as Data
  return data.length === 0 ? undefined : (JSON.parse(new TextDecoder().decode(data)) as Data)
}
