import type { EventEmitter } from 'node:events'
import type { Frame } from '@skein/core'
import { describe, expect, it } from 'vitest'
import * as ws from 'ws'
import { frameBytes } from './frame-bytes.ts'

/** ws exports it; its types do not. */
const { Receiver } = ws as unknown as {
  readonly Receiver: new (options: object) => EventEmitter & { write(bytes: Uint8Array): void }
}

/** Decodes the bytes with ws, an independent implementation. */
function received(bytes: Uint8Array): Promise<{ data: Buffer; isBinary: boolean }> {
  const receiver = new Receiver({ isServer: false })
  return new Promise((resolve, reject) => {
    receiver.on('message', (data: Buffer, isBinary: boolean) => resolve({ data, isBinary }))
    receiver.on('error', reject)
    receiver.write(bytes)
  })
}

describe('frameBytes', () => {
  it('encodes the text frame of RFC 6455, section 5.7', () => {
    const frame: Frame = { encoding: 'json', payload: Buffer.from('Hello') }
    expect(Buffer.from(frameBytes(frame)).toString('hex')).toBe('810548656c6c6f')
  })

  it.each([0, 1, 125, 126, 127, 65_535, 65_536, 70_000])('decodes to the same %i bytes', async (length) => {
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

  it('builds the bytes of a shared frame once, also with other frames in between', () => {
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
