/** WebSocket frames of a client, RFC 6455, 5.2. */

export const TEXT = 0x1
export const BINARY = 0x2
export const CLOSE = 0x8
export const PING = 0x9
export const PONG = 0xa

/** A mask other than zero, so that the server unmasks. Masks protect proxies, and there are none here. */
const MASK = [0x5a, 0xc3, 0x19, 0xe7] as const

/** One final frame, masked as a client must. */
export function clientFrame(opcode: number, payload: Uint8Array): Buffer {
  const { length } = payload
  const header = length < 126 ? 2 : length < 65_536 ? 4 : 10
  const frame = Buffer.allocUnsafe(header + 4 + length)
  frame[0] = 0x80 | opcode
  if (header === 2) frame[1] = 0x80 | length
  else if (header === 4) {
    frame[1] = 0x80 | 126
    frame.writeUInt16BE(length, 2)
  } else {
    frame[1] = 0x80 | 127
    frame.writeBigUInt64BE(BigInt(length), 2)
  }
  for (let i = 0; i < 4; i++) frame[header + i] = MASK[i & 3] ?? 0
  for (let i = 0; i < length; i++) frame[header + 4 + i] = (payload[i] ?? 0) ^ (MASK[i & 3] ?? 0)
  return frame
}

export function textFrame(text: string): Buffer {
  return clientFrame(TEXT, Buffer.from(text))
}

/** Called with each complete frame; the bytes are valid during the call only. */
export type OnFrame = (opcode: number, bytes: Uint8Array, from: number, end: number) => void

/**
 * Reads the frames in `bytes[0, length)`. Returns the number of bytes in complete frames; the caller passes
 * the rest again, with more.
 */
export function readFrames(bytes: Uint8Array, length: number, onFrame: OnFrame): number {
  let at = 0
  while (length - at >= 2) {
    const opcode = (bytes[at] ?? 0) & 0x0f
    const short = (bytes[at + 1] ?? 0) & 0x7f
    const header = short < 126 ? 2 : short === 126 ? 4 : 10
    if (length - at < header) break
    const size = short < 126 ? short : longSize(bytes, at, short)
    const end = at + header + size
    if (end > length) break
    onFrame(opcode, bytes, at + header, end)
    at = end
  }
  return at
}

function longSize(bytes: Uint8Array, at: number, short: number): number {
  let size = 0
  for (let i = 2; i < (short === 126 ? 4 : 10); i++) size = size * 256 + (bytes[at + i] ?? 0)
  return size
}
