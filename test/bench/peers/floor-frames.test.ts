import { describe, expect, it } from 'vitest'
import { CLOSE, clientFrame, readFrames, textFrame } from '../load/frames.ts'
import { frameOf, MessageReader } from './floor-frames.ts'

describe('the frames of the floor', () => {
  it.each([10, 125, 126, 5000])('are readable by the load generator: %i bytes', (size) => {
    const text = 'x'.repeat(size)
    const frame = frameOf(text)
    const read: string[] = []
    const whole = readFrames(frame, frame.length, (_opcode, bytes, from, end) => {
      read.push(Buffer.from(bytes.subarray(from, end)).toString())
    })
    expect([whole, read]).toEqual([frame.length, [text]])
  })

  it.each([1, 3, 1000])('are read from pieces of %i bytes', (step) => {
    const messages = ['{"join":"a"}', 'y'.repeat(300), 'z']
    const bytes = Buffer.concat(messages.map(textFrame))
    const read: string[] = []
    const reader = new MessageReader((text) => read.push(text))
    for (let at = 0; at < bytes.length; at += step) reader.read(bytes.subarray(at, at + step))
    expect(read).toEqual(messages)
  })

  it('are no messages when they close the connection', () => {
    const read: string[] = []
    new MessageReader((text) => read.push(text)).read(clientFrame(CLOSE, Uint8Array.of(3, 0xe8)))
    expect(read).toEqual([])
  })
})
