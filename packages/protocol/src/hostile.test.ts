/** Frames that are cheap to send and expensive for a naive reader. */
import { afterEach, describe, expect, test, vi } from 'vitest'
import { jsonCodec, protobufCodec } from './codecs.ts'
import { mostCommands } from './wire/limits.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const FRAME_BYTES = 65_536

describe('commands in one frame', () => {
  test.each([
    ['json', jsonCodec, bytes('{}\n'.repeat(FRAME_BYTES / 3))],
    ['protobuf', protobufCodec, new Uint8Array(FRAME_BYTES)],
  ] as const)('are bounded by its length: %s', (_, codec, frame) => {
    const most = mostCommands(frame.length)
    const decoded = codec.decodeCommands(frame)
    expect(decoded.commands).toHaveLength(most)
    expect(decoded).toMatchObject({ ok: false, reason: `more than ${most} messages in one frame` })
  })

  test.each([jsonCodec, protobufCodec])(
    'of an SDK that returns to all its channels are never too many',
    (codec) => {
      const subscribes = Array.from({ length: 5000 }, (_, i) => {
        return { id: i + 1, verb: 'subscribe', request: { channel: 'c' } } as const
      })
      const decoded = codec.decodeCommands(codec.join(subscribes.map((c) => codec.encodeCommand(c))))
      expect(decoded.ok).toBe(true)
      expect(decoded.commands).toHaveLength(5000)
    },
  )
})

describe('JSON', () => {
  test('nested to the depth of a whole frame is carried without recursion', () => {
    const depth = FRAME_BYTES / 2 - 100
    const data = `${'['.repeat(depth)}${']'.repeat(depth)}`
    const decoded = jsonCodec.decodeCommands(bytes(`{"id":1,"publish":{"channel":"c","data":${data}}}`))
    expect(decoded).toEqual({
      ok: true,
      commands: [{ id: 1, verb: 'publish', request: { channel: 'c', data } }],
    })
  })

  // A search from the start for every key would take 8,000 x 64 KiB steps.
  test('with thousands of keys takes one pass', () => {
    const keys = Array.from({ length: 6000 }, (_, i) => `"${i}":{}`).join()
    const charCodeAt = vi.spyOn(String.prototype, 'charCodeAt')
    const decoded = jsonCodec.decodeCommands(bytes(`{"id":1,"connect":{"subs":{${keys}}}}`))
    const steps = charCodeAt.mock.calls.length
    charCodeAt.mockRestore()
    expect(decoded.ok).toBe(true)
    expect(steps).toBeLessThan(40 * keys.length)
  })

  test('of backslashes takes one pass', () => {
    const data = `"${'\\\\'.repeat(30_000)}"`
    const decoded = jsonCodec.decodeCommands(bytes(`{"id":1,"send":{"data":${data}}}`))
    expect(decoded).toMatchObject({ ok: true, commands: [{ request: { data } }] })
  })
})

describe('without Buffer, as in browsers', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.resetModules()
  })

  test('encodes the same bytes', async () => {
    const reply = { id: 1, verb: 'rpc', result: { data: '"é😀"' } } as const
    const expected = [jsonCodec, protobufCodec].map((codec) => [...(codec.encodeReply(reply) ?? [])])
    vi.stubGlobal('Buffer', undefined)
    vi.resetModules()
    const browser = await import('./codecs.ts')
    const codecs = [browser.jsonCodec, browser.protobufCodec]
    expect(codecs.map((codec) => [...(codec.encodeReply(reply) ?? [])])).toEqual(expected)
  })
})
