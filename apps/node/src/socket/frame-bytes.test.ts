import type { EventEmitter } from 'node:events'
import type { Frame } from '@skein/core'
import { describe, expect, it } from 'vitest'
import * as ws from 'ws'
import { frameBytes } from './frame-bytes.ts'

/** Exported by ws, not by its types. */
const { Receiver } = ws as unknown as {
  readonly Receiver: new (options: object) => EventEmitter & { write(bytes: Uint8Array): void }
}

/** What the other side of the wire makes of the bytes: ws is a reader that we did not write. */
function received(bytes: Uint8Array): Promise<{ data: Buffer; isBinary: boolean }> {
  const receiver = new Receiver({ isServer: false })
  return new Promise((resolve, reject) => {
    receiver.on('message', (data: Buffer, isBinary: boolean) => resolve({ data, isBinary }))
    receiver.on('error', reject)
    receiver.write(bytes)
  })
}

describe('frameBytes', () => {
  it('writes a short text frame as RFC 6455, 5.7 shows it', () => {
    const frame: Frame = { encoding: 'json', payload: Buffer.from('Hello') }
    expect(Buffer.from(frameBytes(frame)).toString('hex')).toBe('810548656c6c6f')
  })

  it.each([0, 1, 125, 126, 127, 65_535, 65_536, 70_000])('is read back whole at %i bytes', async (length) => {
    const payload = Buffer.alloc(length, 'x')
    expect(await received(frameBytes({ encoding: 'json', payload }))).toEqual({
      data: payload,
      isBinary: false,
    })
    expect(await received(frameBytes({ encoding: 'protobuf', payload }))).toEqual({
      data: payload,
      isBinary: true,
    })
  })

  it('makes the bytes of a shared frame once, whatever is sent in between', () => {
    const [one, other] = ['{}', '{"a":1}'].map(
      (text): Frame => ({ encoding: 'json', payload: Buffer.from(text), shared: true }),
    )
    if (one === undefined || other === undefined) throw new Error('two frames')
    const bytes = frameBytes(one)
    expect(frameBytes(one)).toBe(bytes)
    expect(frameBytes(other)).not.toBe(bytes)
    expect(frameBytes(one)).toBe(bytes)
  })
})
