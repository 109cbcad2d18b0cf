/**
 * What an application sends through Skein: JSON text, or bytes that need not be JSON.
 *
 * - `string`: one JSON value as text, valid, without raw newlines. It is never parsed and written again on its
 *   way, so numbers beyond 2^53, key order and depth survive.
 * - `Uint8Array`: opaque bytes from a Protobuf client. A JSON subscriber can receive them only if they happen to be
 *   JSON text; otherwise it is closed with 3506.
 */
export type Payload = string | Uint8Array

/** How frames are written on one connection. Fixed at the handshake. */
export type Encoding = 'json' | 'protobuf'
