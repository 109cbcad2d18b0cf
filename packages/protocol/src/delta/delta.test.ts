/** Decodes patches with the official SDK's decoder, which is not exported and comes from its codec. */
import { Centrifuge as JsonSdk } from 'centrifuge'
import { Centrifuge as ProtobufSdk } from 'centrifuge/build/protobuf'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonCodec } from '../codecs.ts'
import { encodeEnvelope } from '../envelope.ts'
import type { Envelope, StoredPublication } from '../messages.ts'
import { jsonText } from '../testing/arbitraries.ts'
import { dataOnWire } from './data-on-wire.ts'
import { createPatch } from './fossil.ts'

interface Decoder {
  applyDeltaIfNeeded(
    publication: { readonly data: unknown; readonly delta?: boolean },
    before: Uint8Array | undefined,
  ): { readonly newData: unknown; readonly newPrevValue: Uint8Array }
}

const decoder = (client: unknown) => (client as { _codec: Decoder })._codec
const json = decoder(new JsonSdk('ws://nobody', { websocket: WebSocket }))
const protobuf = decoder(new ProtobufSdk('ws://nobody', { websocket: WebSocket }))

const applied = (base: Uint8Array, patch: Uint8Array) =>
  protobuf.applyDeltaIfNeeded({ data: patch, delta: true }, base).newPrevValue

const utf8 = (text: string) => new TextEncoder().encode(text)
const text = (bytes: Uint8Array) => new TextDecoder('utf-8', { fatal: true }).decode(bytes)

/** Two values with much in common, for which patches are made. */
function related<T>(piece: fc.Arbitrary<T>): fc.Arbitrary<[T[], T[]]> {
  const pieces = fc.array(piece, { maxLength: 12 })
  return fc
    .tuple(pieces, fc.array(fc.nat(11), { maxLength: 12 }), pieces)
    .map(([base, taken, others]) => [
      base,
      [...taken.map((at) => base[at]).filter((one) => one !== undefined), ...others],
    ])
}

const bytePiece = fc.uint8Array({ maxLength: 40 })
const textPiece = fc.string({ unit: 'binary', minLength: 0, maxLength: 30 })
const joinedBytes = (parts: readonly Uint8Array[]) => Uint8Array.from(Buffer.concat(parts))

describe('createPatch', () => {
  it('is decoded by the SDK for any bytes', () => {
    fc.assert(
      fc.property(related(bytePiece), ([a, b]) => {
        const [base, target] = [joinedBytes(a), joinedBytes(b)]
        expect(applied(base, createPatch(base, target))).toEqual(target)
      }),
      { numRuns: 1000 },
    )
  })

  it('is text when both values are text, in any script', () => {
    fc.assert(
      fc.property(related(fc.oneof(textPiece, fc.constantFrom('ж', 'д', '😀', '😁', 'éèê'))), ([a, b]) => {
        const [base, target] = [utf8(a.join('')), utf8(b.join(''))]
        const patch = createPatch(base, target)
        expect(applied(base, utf8(text(patch)))).toEqual(target)
      }),
      { numRuns: 1000 },
    )
  })

  it('splits no character when neighbouring characters share bytes', () => {
    // 'ж' is d0 b6 and 'з' is d0 b7: the common prefix includes their first bytes.
    const [base, target] = ['equal until here ж and so on', 'equal until here з and so on'].map(utf8)
    if (base === undefined || target === undefined) throw new Error('no text')
    const patch = createPatch(base, target)
    expect(text(patch)).toContain(':з')
    expect(applied(base, patch)).toEqual(target)
  })

  it('is short for a small change', () => {
    const state = (n: number) =>
      utf8(
        JSON.stringify({ symbols: Array.from({ length: 20 }, (_, i) => ({ i, price: i === 7 ? n : 100 })) }),
      )
    expect(createPatch(state(101), state(102)).length).toBeLessThan(30)
    expect(createPatch(state(101), state(101)).length).toBeLessThan(20)
  })

  it('writes numbers and checksum in the format', () => {
    expect(text(createPatch(new Uint8Array(0), utf8('a')))).toBe(
      '1\n1:a1X400000;'.replace('1X400000', checksumOf('a')),
    )
  })
})

/** 0x61000000 in the format's base 64. */
function checksumOf(letter: string): string {
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~'
  let value = letter.charCodeAt(0) * 2 ** 24
  let written = ''
  for (; value > 0; value = Math.floor(value / 64)) written = `${digits[value % 64]}${written}`
  return written
}

describe('a publication for a subscription with deltas', () => {
  const envelope = (data: string | Uint8Array): Envelope =>
    encodeEnvelope({ data, time: 1, tags: { a: 'b' } })
  const long = (end: string) => JSON.stringify({ text: 'the same words in both, and some more of them', end })
  const [a, b] = [envelope(long('ä')), envelope(long('ö'))]
  const inJson = (stored: StoredPublication) =>
    JSON.parse(text(jsonCodec.encodePush({ kind: 'pub', channel: 'c', ...stored }) ?? utf8('null')))?.push.pub

  it('is sent whole first, then as a patch, in JSON', () => {
    const first = inJson({ offset: 1, envelope: a, base: null })
    const second = inJson({ offset: 2, envelope: b, base: a })
    expect(first).toEqual({ data: long('ä'), offset: 1, time: 1, tags: { a: 'b' } })
    expect(second).toMatchObject({ offset: 2, time: 1, tags: { a: 'b' }, delta: true })
    const start = json.applyDeltaIfNeeded(first, undefined)
    const next = json.applyDeltaIfNeeded(second, start.newPrevValue)
    expect([start.newData, next.newData]).toEqual([JSON.parse(long('ä')), JSON.parse(long('ö'))])
  })

  it('is sent whole when a patch is not shorter or the data is too large', () => {
    const huge = envelope(JSON.stringify('x'.repeat(70_000)))
    expect(inJson({ offset: 2, envelope: envelope('{}'), base: a })).not.toHaveProperty('delta')
    expect(inJson({ offset: 2, envelope: a, base: envelope('1') })).not.toHaveProperty('delta')
    expect(inJson({ offset: 2, envelope: huge, base: huge })).not.toHaveProperty('delta')
  })

  it('supports binary data in Protobuf only', () => {
    const bytes = (last: number) => Uint8Array.from({ length: 100 }, (_, i) => (i === 99 ? last : 0xff))
    const stored = { offset: 2, envelope: envelope(bytes(2)), base: envelope(bytes(1)) }
    const onWire = dataOnWire('protobuf', stored)
    expect(onWire?.isPatch).toBe(true)
    expect(applied(bytes(1), onWire?.bytes ?? bytes(0))).toEqual(bytes(2))
    expect(inJson(stored)).toBeUndefined()
    expect(inJson({ ...stored, envelope: a })).toMatchObject({ data: long('ä') })
  })

  it('is decoded in both encodings for any sequence of publications', () => {
    fc.assert(
      fc.property(fc.array(jsonText, { minLength: 1, maxLength: 6 }), (values) => {
        const envelopes = values.map((value) => envelope(`{"of":"all the same","value":${value}}`))
        let before: Uint8Array | undefined
        for (const [at, current] of envelopes.entries()) {
          const pub = inJson({ offset: at + 1, envelope: current, base: envelopes[at - 1] ?? null })
          const { newData, newPrevValue } = json.applyDeltaIfNeeded(pub, before)
          expect(newData).toEqual(JSON.parse(`{"of":"all the same","value":${values[at]}}`))
          before = newPrevValue
        }
      }),
    )
  })
})
