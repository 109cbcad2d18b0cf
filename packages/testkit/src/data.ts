/** Test data as both encodings can carry it: values for the JSON SDK, bytes of JSON text for the Protobuf SDK. */
import type { Encoding } from '@skein/protocol'

export type Data = string | number | boolean | null | readonly Data[] | { readonly [key: string]: Data }

/** What the SDK takes as data in this encoding. */
export function encodeData(encoding: Encoding, data: Data): unknown {
  return encoding === 'json' ? data : new TextEncoder().encode(JSON.stringify(data))
}

/** What the SDK gave as data, as a plain value; `undefined` where there is none. */
export function decodeData(data: unknown): Data | undefined {
  if (data === undefined || data === null) return undefined
  if (!(data instanceof Uint8Array)) return data as Data
  return data.length === 0 ? undefined : (JSON.parse(new TextDecoder().decode(data)) as Data)
}
