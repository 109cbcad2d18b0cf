/** Length-prefixed replies and pushes of the server in Protobuf. */
import type { ServerMessage } from '../codec.ts'
import { stored } from '../envelope/encode.ts'
import type { Push, Reply } from '../messages.ts'
import { Malformed } from '../wire/malformed.ts'
import { bodyOf, pushOf } from '../wire/push.ts'
import {
  error,
  PUSH_FIELD,
  PUSH_KINDS,
  PUSHES,
  publication,
  REPLY_FIELD,
  REPLY_VERBS,
  RESULTS,
} from '../wire/results.ts'
import { readMessage } from './read.ts'
import { DELIMITED, eachField, expect, integer, type Reader, text, VARINT } from './reader.ts'
import { tag, type Writer, writeField, writePayload, writePublication } from './write.ts'

const VERB_OF_NUMBER = new Map(REPLY_VERBS.map((verb) => [RESULTS[verb].no, verb]))
const KIND_OF_NUMBER = new Map(PUSH_KINDS.map((kind) => [PUSHES[kind].no, kind]))

export function writeReply(writer: Writer, reply: Reply): void {
  writer.fork()
  if (reply.id !== 0) tag(writer, REPLY_FIELD.id, VARINT).uint32(reply.id)
  if (reply.verb === 'error') writeField(writer, REPLY_FIELD.error, error, reply.error)
  else writeField<object>(writer, RESULTS[reply.verb].no, RESULTS[reply.verb].of, reply.result)
  writer.ldelim()
}

/** The ping is an empty reply. */
export function writePush(writer: Writer, push: Push): void {
  writer.fork()
  if (push.kind !== 'ping') writePushBody(tag(writer, REPLY_FIELD.push, DELIMITED), push)
  writer.ldelim()
}

function writePushBody(writer: Writer, push: Exclude<Push, { kind: 'ping' }>): void {
  writer.fork()
  if ('channel' in push) writePayload(tag(writer, PUSH_FIELD.channel, DELIMITED), push.channel)
  if (push.kind === 'pub') writePublication(tag(writer, PUSH_FIELD.pub, DELIMITED), push)
  else writeField<object>(writer, PUSHES[push.kind].no, PUSHES[push.kind].of, bodyOf(push))
  writer.ldelim()
}

/** @throws Malformed */
export function readServerMessage(reader: Reader): ServerMessage {
  let id = 0
  let found: ((id: number) => ServerMessage) | undefined
  eachField(reader, (number, wireType) => {
    if (number === REPLY_FIELD.id) {
      expect('id', wireType, VARINT)
      id = integer(reader, 'uint32', 'id')
      return true
    }
    const read = readBody(reader, number, wireType)
    found ??= read
    return read !== undefined
  })
  if (found !== undefined) return found(id)
  if (id !== 0) throw new Malformed(`reply ${id}: no known result`)
  return { kind: 'push', push: { kind: 'ping' } }
}

/**
 * Postpones reading the field until the id is known, which may follow it; `undefined` for an unknown field.
 */
function readBody(
  reader: Reader,
  number: number,
  wireType: number,
): ((id: number) => ServerMessage) | undefined {
  const verb = VERB_OF_NUMBER.get(number)
  if (verb === undefined && number !== REPLY_FIELD.push && number !== REPLY_FIELD.error) return undefined
  expect('reply', wireType, DELIMITED)
  if (number === REPLY_FIELD.push) {
    const push = readPush(reader)
    return () => ({ kind: 'push', push })
  }
  if (verb === undefined) {
    const failure = readMessage(error, reader)
    return (id) => ({ kind: 'reply', reply: { id, verb: 'error', error: failure } })
  }
  const result = readMessage<object>(RESULTS[verb].of, reader)
  // The table relates verb and result, which the union type cannot express.
  return (id) => ({ kind: 'reply', reply: { id, verb, result } as Reply })
}

function readPush(reader: Reader): Push {
  let channel = ''
  let found: ((channel: string) => Push) | undefined
  eachField(reader, (number, wireType) => {
    if (number === PUSH_FIELD.channel) {
      expect('channel', wireType, DELIMITED)
      channel = text(reader, 'channel')
      return true
    }
    const read = readPushBody(reader, number, wireType)
    found ??= read
    return read !== undefined
  })
  if (found === undefined) throw new Malformed('push: no known kind')
  return found(channel)
}

function readPushBody(
  reader: Reader,
  number: number,
  wireType: number,
): ((channel: string) => Push) | undefined {
  const kind = KIND_OF_NUMBER.get(number)
  if (kind === undefined && number !== PUSH_FIELD.pub) return undefined
  expect('push', wireType, DELIMITED)
  if (kind === undefined) {
    const publicationRead = stored(readMessage(publication, reader))
    return (channel) => ({ kind: 'pub', channel, ...publicationRead })
  }
  const body = readMessage<object>(PUSHES[kind].of, reader)
  return (channel) => pushOf(kind, channel, body)
}
