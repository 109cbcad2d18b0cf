/** Standard base64, with functions of browsers and Node 24 (`Uint8Array.toBase64` needs Node 25). */

/** Bytes per call: about 100,000 arguments of `String.fromCharCode` overflow the stack. */
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
    // atob throws only InvalidCharacterError; the caller checks the result.
    return undefined
  }
}
