/**
 * A WebSocket frame in one buffer, built once for all its receivers (RFC 6455, section 5.2). Frames of a
 * server are final and unmasked. Compressed frames have the bit RSV1 (RFC 7692, section 6).
 */
import type { Frame } from '@skein/core'
import type { Encoding } from '@skein/protocol'

const FINAL = 0x80
/** RSV1. */
export const COMPRESSED = 0x40
const OPCODE = { json: 0x1, protobuf: 0x2 } as const

/** The bytes of a frame for connections without compression. */
export const frameBytes = madeOnce(({ encoding, payload }) => framed(encoding, payload))

/** Calls `make` once for each shared frame, and at each call for other frames. */
export function madeOnce(make: (frame: Frame) => Uint8Array): (frame: Frame) => Uint8Array {
  const made = new WeakMap<Frame, Uint8Array>()
  // A fan-out sends one frame to many sockets in a row. A comparison is cheaper than a look-up.
  let last: Frame | undefined
  let lastBytes: Uint8Array = new Uint8Array()
  return (frame) => {
    if (frame === last) return lastBytes
    if (frame.shared !== true) return make(frame)
    const bytes = made.get(frame) ?? make(frame)
    made.set(frame, bytes)
    last = frame
    lastBytes = bytes
    return bytes
  }
}

/** `bits`: {@link COMPRESSED} or none. */
export function framed(encoding: Encoding, payload: Uint8Array, bits = 0): Buffer {
  const { length } = payload
  const header = length < 126 ? 2 : length < 65_536 ? 4 : 10
  const bytes = Buffer.allocUnsafe(header + length)
  bytes[0] = FINAL | bits | OPCODE[encoding]
  if (header === 2) {
    bytes[1] = length
  } else if (header === 4) {
    bytes[1] = 126
    bytes.writeUInt16BE(length, 2)
  } else {
    bytes[1] = 127
    bytes.writeBigUInt64BE(BigInt(length), 2)
  }
  bytes.set(payload, header)
  return bytes
}
