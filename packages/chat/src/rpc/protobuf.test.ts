import { readFileSync } from 'node:fs'
import { TestClient } from '@skein/core/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Message } from '../schema.ts'
import { startWorld } from '../testing/world.ts'
import {
  decodeMessage,
  decodeSendReply,
  decodeSendRequest,
  encodeMessage,
  encodeSendRequest,
  TABLES,
} from './protobuf.ts'

const text = fc.string({ unit: 'grapheme', maxLength: 40 })
const name = fc.string({ minLength: 1, maxLength: 30 })
const time = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })
const target = fc.record({ id: name, offset: time })
const message = fc.record(
  {
    id: name,
    timestamp: time,
    type: fc.constantFrom('private', 'room', 'broadcast', 'system', 'ephemeral'),
    from: text,
    to: text,
    body: text,
    clientId: text,
    replyTo: target,
    expiresAt: time,
    mentions: fc.array(name, { minLength: 1, maxLength: 5 }),
    system: fc.record(
      { kind: fc.constantFrom('joined', 'muted'), user: name, until: time },
      { requiredKeys: ['kind'] },
    ),
  },
  { requiredKeys: ['id', 'timestamp', 'type', 'from', 'to', 'body', 'clientId'] },
) as fc.Arbitrary<Message>

describe('messages as Protobuf', () => {
  test('decode to what was encoded', () => {
    fc.assert(
      fc.property(message, (value) => {
        expect(decodeMessage(encodeMessage(value))).toEqual(value)
      }),
    )
  })

  test('that are damaged throw bad_request or decode to another message', () => {
    const damaged = fc.tuple(message, fc.nat(), fc.nat(255)).map(([value, at, byte]) => {
      const bytes = Uint8Array.from(encodeMessage(value))
      bytes[at % bytes.length] = byte
      return bytes.subarray(0, 1 + (at % bytes.length))
    })
    fc.assert(
      fc.property(fc.oneof(damaged, fc.uint8Array()), (bytes) => {
        try {
          decodeMessage(bytes)
        } catch (error) {
          expect(error).toMatchObject({ reason: 'bad_request' })
        }
      }),
    )
  })

  test('have the field numbers of chat.proto', () => {
    const proto = readFileSync(new URL('../chat.proto', import.meta.url), 'utf8')
    for (const [table, fields] of Object.entries(TABLES)) {
      const body = new RegExp(`message ${table} \\{([^}]*)\\}`).exec(proto)?.[1] ?? ''
      const written = [...body.matchAll(/(\w+) = (\d+);/g)].map(([, field = '', number]) => [
        field.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
        Number(number),
      ])
      expect(written).toEqual(Object.entries(fields).map(([field, [number]]) => [field, number]))
    }
  })

  test('sent by Protobuf clients reach JSON clients', async () => {
    const world = await startWorld()
    const client = new TestClient(world.node(0), { credentials: { user: 'ann' }, encoding: 'protobuf' })
    await client.connect()
    const bob = await world.person('bob', 1)
    const request = {
      to: { user: 'bob' },
      clientId: 'x',
      body: 'from bytes',
      mentions: ['bob'],
      expiresIn: 60,
    }
    const bytes = encodeSendRequest(request)
    expect(decodeSendRequest(bytes)).toEqual(request)
    const { data } = await client.call('rpc', { method: 'chat.send', data: bytes })
    expect(decodeSendReply(data as Uint8Array)).toMatchObject({
      offset: 1,
      duplicate: false,
      conversation: 'dm:ann:bob',
    })
    expect(await bob.bodies()).toEqual(['from bytes'])
  })

  test('with two addressees are rejected', () => {
    const both = encodeSendRequest({ to: { user: 'a', room: 'b' }, clientId: 'x', body: 'y' } as never)
    expect(() => decodeSendRequest(both)).toThrow(/bad_request/)
  })
})
