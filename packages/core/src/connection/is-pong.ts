/** A frame with one empty command, `{}` or a length of 0. Most clients send nothing else for minutes. */
export function isPong(bytes: Uint8Array): boolean {
  if (bytes.length === 1) return bytes[0] === 0
  return bytes.length === 2 && bytes[0] === 0x7b && bytes[1] === 0x7d
}
