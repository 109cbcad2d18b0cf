import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import protobuf from 'protobufjs'
import { describe, expect, test } from 'vitest'
import { protobufCodec } from './codecs.ts'
import { decodeEnvelope } from './envelope.ts'
import { command, push } from './testing/arbitraries.ts'
import { REQUESTS, VERBS } from './wire/requests.ts'
import { deltaPublication, error, PUSH_KINDS, PUSHES, REPLY_VERBS, RESULTS } from './wire/results.ts'
import type { Message, Shape } from './wire/schema.ts'

const { root } = protobuf.parse(readFileSync(new URL('client.proto', import.meta.url), 'utf8'), {
  keepCase: true,
})

function type(name: string): protobuf.Type {
  return root.lookupType(`skein.protocol.${name}`)
}

const NAMES = ['ClientInfo', 'StreamPosition', 'SubscribeRequest', 'SubscribeResult']

/** A message of client.proto in the form of Skein's tables. */
function described({ fieldsArray }: protobuf.Type): string[] {
  return fieldsArray.map((field) => {
    if (field instanceof protobuf.MapField) return `${field.name} ${field.id} map ${field.type}`
    return `${field.name} ${field.id} ${field.repeated ? 'repeated ' : ''}${field.type}`
  })
}

function table({ fields }: Message): string[] {
  return fields.map(({ wire, no, shape }) => `${wire} ${no} ${typeName(shape)}`)
}

function typeName(shape: Shape): string {
  switch (shape.kind) {
    case 'data':
    case 'json':
      return 'bytes'
    case 'strings':
      return 'map string'
    case 'map':
      return `map ${nameOf(shape.message)}`
    case 'message':
      return nameOf(shape.message)
    case 'publications':
      return 'repeated Publication'
    default:
      return shape.kind
  }
}

/**
 * Messages are distinguished by their fields. In the recovery positions of `connect` the channel is the map's
 * key.
 */
function nameOf(message: Message): string {
  const wanted = table(message)
  const same = (name: string) => {
    const rows = described(type(name))
    const rest = name === 'SubscribeRequest' ? rows.filter((row) => !row.startsWith('channel ')) : rows
    return rest.join() === wanted.join()
  }
  return NAMES.find(same) ?? `none has ${wanted}`
}

function field(message: string, name: string): protobuf.Field {
  const found = type(message).fields[name]
  if (found === undefined) throw new Error(`client.proto has no ${message}.${name}`)
  return found
}

describe('the tables equal client.proto', () => {
  test.each(VERBS)('command %s', (verb) => {
    const { id, type: request } = field('Command', verb)
    expect(REQUESTS[verb].no).toBe(id)
    expect(table(REQUESTS[verb].of).toSorted()).toEqual(described(type(request)).toSorted())
  })

  test.each(REPLY_VERBS)('reply %s', (verb) => {
    const { id, type: result } = field('Reply', verb)
    expect(RESULTS[verb].no).toBe(id)
    expect(table(RESULTS[verb].of)).toEqual(described(type(result)))
  })

  test.each(PUSH_KINDS)('push %s', (kind) => {
    const { id, type: body } = field('Push', kind)
    expect(PUSHES[kind].no).toBe(id)
    expect(table(PUSHES[kind].of)).toEqual(described(type(body)))
  })

  test('the tables cover every message', () => {
    expect(Object.keys(type('Command').fields)).toEqual(['id', ...VERBS])
    expect(Object.keys(type('Reply').fields)).toEqual(['id', 'error', 'push', ...REPLY_VERBS])
    expect(Object.keys(type('Push').fields)).toEqual(['channel', 'pub', ...PUSH_KINDS])
    expect(table(deltaPublication)).toEqual(described(type('Publication')))
    expect(table(error)).toEqual(described(type('Error')))
  })
})

describe('protobufjs, from client.proto, reads and writes the same bytes', () => {
  test('a publication', () => {
    fc.assert(
      fc.property(
        push('any').filter((p) => p.kind === 'pub'),
        (p) => {
          const bytes = protobufCodec.encodePush(p) ?? new Uint8Array(0)
          const { push: read } = type('Reply').decodeDelimited(bytes).toJSON()
          const pub = decodeEnvelope(p.envelope, p.offset)
          expect(read.channel ?? '').toBe(p.channel)
          expect(Buffer.from(read.pub.data, 'base64')).toEqual(Buffer.from(pub?.data ?? ''))
          expect(Number(read.pub.offset ?? 0)).toBe(p.offset)
          expect(Number(read.pub.time ?? 0)).toBe(pub?.time ?? 0)
          expect(Object.entries(read.pub.tags ?? {})).toEqual(Object.entries(pub?.tags ?? {}))
        },
      ),
    )
  })

  test('a command', () => {
    fc.assert(
      fc.property(command('any'), (c) => {
        const bytes = protobufCodec.encodeCommand(c)
        const again = type('Command').encodeDelimited(type('Command').decodeDelimited(bytes)).finish()
        expect(protobufCodec.decodeCommands(again)).toEqual({ ok: true, commands: [c] })
      }),
    )
  })
})
