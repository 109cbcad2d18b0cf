/**
 * Standard base64 of bytes, with what browsers and Node 24 both have (`Uint8Array.toBase64` comes with Node
 * 25).
 */

/** Characters per call: beyond some 100,000 arguments `String.fromCharCode` overflows the stack. */
const CHUNK_BYTES = 8192

export function toBase64(bytes: Uint8Array): string {
  let binary = ''
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK_BYTES))
  }
  return btoa(binary)
}

/** `undefined` when the text is not base64. */
export function fromBase64(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  } catch {
    // The only thing that atob throws is InvalidCharacterError; the caller must look at the result.
    return undefined
  }
}
