/**
 * Data that an application sends through Skein: JSON text, or bytes that need not be JSON.
 *
 * - `string`: one valid JSON value as text, without raw newlines. It is never parsed and re-encoded: numbers
 *   beyond 2^53, key order and depth survive.
 * - `Uint8Array`: opaque bytes from a Protobuf client. A JSON subscriber receives them only if they are JSON
 *   text; otherwise it is closed with 3506.
 */
export type Payload = string | Uint8Array

/** The encoding of a connection's frames, fixed at the handshake. */
export type Encoding = 'json' | 'protobuf'
