/**
 * The part of RFC 6455, 5.2 that the load generator uses: whole text messages below 64 KiB, masked by the
 * client.
 */

const TEXT = 0x81
const CLOSE = 0x08

export function frameOf(text: string): Buffer {
  const payload = Buffer.from(text)
  const { length } = payload
  const header = length < 126 ? [TEXT, length] : [TEXT, 126, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from(header), payload])
}

/** Of one connection. */
export class MessageReader {
  readonly #onMessage: (text: string) => void
  #rest: Buffer = Buffer.alloc(0)

  constructor(onMessage: (text: string) => void) {
    this.#onMessage = onMessage
  }

  read(bytes: Buffer): void {
    let all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes])
    for (let size = sizeOf(all); size > 0 && size <= all.length; size = sizeOf(all)) {
      if (((all[0] ?? 0) & 0x0f) !== CLOSE) this.#onMessage(unmasked(all.subarray(0, size)))
      all = all.subarray(size)
    }
    this.#rest = all
  }
}

/** Size of the frame that begins here, with header and mask; 0: its header is not complete. */
function sizeOf(bytes: Buffer): number {
  if (bytes.length < 4) return 0
  const short = bytes.readUInt8(1) & 0x7f
  return short < 126 ? 6 + short : 8 + bytes.readUInt16BE(2)
}

function unmasked(frame: Buffer): string {
  const header = (frame.readUInt8(1) & 0x7f) < 126 ? 6 : 8
  const mask = frame.subarray(header - 4, header)
  return Buffer.from(frame.subarray(header).map((byte, at) => byte ^ (mask[at & 3] ?? 0))).toString()
}
