/**
 * The Protobuf form of messages, as `chat.proto` defines it. Decoded messages pass the schemas of the JSON
 * form, so both forms accept the same messages.
 */
import protobuf from 'protobufjs/minimal.js'
import type { TSchema } from 'typebox'
import Value from 'typebox/value'
import { ChatError } from '../errors.ts'
import { type Message, MessageSchema } from '../schema.ts'
import { SendReply, SendRequest } from '../verbs/send.ts'

type Kind = 'string' | 'uint64' | 'bool' | 'strings' | 'type' | Table

interface Table {
  readonly [name: string]: readonly [number: number, kind: Kind]
}

const TYPES = ['', 'private', 'room', 'broadcast', 'system', 'ephemeral']

const TARGET: Table = { id: [1, 'string'], offset: [2, 'uint64'] }
const SYSTEM: Table = {
  kind: [1, 'string'],
  user: [2, 'string'],
  by: [3, 'string'],
  name: [4, 'string'],
  role: [5, 'string'],
  until: [6, 'uint64'],
}
/** Fields by message name of `chat.proto`; field names in camel case. */
export const TABLES = {
  Target: TARGET,
  System: SYSTEM,
  Message: {
    id: [1, 'string'],
    timestamp: [2, 'uint64'],
    type: [3, 'type'],
    from: [4, 'string'],
    to: [5, 'string'],
    body: [6, 'string'],
    clientId: [7, 'string'],
    replyTo: [8, TARGET],
    expiresAt: [9, 'uint64'],
    mentions: [10, 'strings'],
    system: [11, SYSTEM],
  },
  SendRequest: {
    user: [1, 'string'],
    room: [2, 'string'],
    everyone: [3, 'bool'],
    clientId: [4, 'string'],
    body: [5, 'string'],
    replyTo: [6, TARGET],
    mentions: [7, 'strings'],
    expiresIn: [8, 'uint64'],
    ephemeral: [9, 'bool'],
  },
  SendReply: {
    conversation: [1, 'string'],
    id: [2, 'string'],
    timestamp: [3, 'uint64'],
    offset: [4, 'uint64'],
    epoch: [5, 'string'],
    duplicate: [6, 'bool'],
  },
} as const satisfies Record<string, Table>

export function encodeMessage(message: Message): Uint8Array {
  return write(TABLES.Message, message).finish()
}

/** Throws `bad_request` for invalid bytes. */
export function decodeMessage(bytes: Uint8Array): Message {
  const { from = '', to = '', body = '', clientId = '', ...rest } = read(TABLES.Message, bytes)
  return checked(MessageSchema, { from, to, body, clientId, ...rest }) as Message
}

export function encodeSendRequest({ to, ...rest }: SendRequest): Uint8Array {
  return write(TABLES.SendRequest, { ...to, ...rest }).finish()
}

/** Throws `bad_request`. */
export function decodeSendRequest(bytes: Uint8Array): SendRequest {
  const { user, room, everyone, body = '', ...rest } = read(TABLES.SendRequest, bytes)
  const to = { ...(user !== undefined && { user }), ...(room !== undefined && { room }) }
  const all = everyone === true ? { ...to, everyone } : to
  return checked(SendRequest, { to: all, body, ...rest }) as SendRequest
}

export function encodeSendReply(reply: SendReply): Uint8Array {
  return write(TABLES.SendReply, reply).finish()
}

/** Throws `bad_request`. */
export function decodeSendReply(bytes: Uint8Array): SendReply {
  const { duplicate = false, ...rest } = read(TABLES.SendReply, bytes)
  return checked(SendReply, { duplicate, ...rest }) as SendReply
}

function checked(schema: TSchema, value: unknown): unknown {
  if (Value.Check(schema, value)) return value
  const [problem] = Value.Errors(schema, value)
  throw new ChatError('bad_request', problem && `${problem.instancePath || '/'} ${problem.message}`)
}

function write(table: Table, value: object, writer = protobuf.Writer.create()): protobuf.Writer {
  const values = value as Readonly<Record<string, unknown>>
  for (const [name, [number, kind]] of Object.entries(table)) {
    const entry = values[name]
    if (entry !== undefined && entry !== '' && entry !== false && entry !== 0)
      field(writer, number, kind, entry)
  }
  return writer
}

const VARINT = 0
const DELIMITED = 2

function field(writer: protobuf.Writer, number: number, kind: Kind, value: unknown): void {
  const varint = () => writer.uint32((number << 3) | VARINT)
  const delimited = () => writer.uint32((number << 3) | DELIMITED)
  if (kind === 'uint64') varint().uint64(value as number)
  else if (kind === 'bool') varint().bool(value as boolean)
  else if (kind === 'type') varint().uint32(TYPES.indexOf(value as string))
  else if (kind === 'string') delimited().string(value as string)
  else if (kind === 'strings') for (const text of value as string[]) delimited().string(text)
  else write(kind, value as object, delimited().fork()).ldelim()
}

function read(table: Table, bytes: Uint8Array): Record<string, unknown> {
  try {
    const reader = new protobuf.Reader(bytes)
    return readFields(table, reader, reader.len)
  } catch (error) {
    if (error instanceof ChatError) throw error
    throw new ChatError(
      'bad_request',
      `not Protobuf: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

function readFields(table: Table, reader: protobuf.Reader, end: number): Record<string, unknown> {
  const value: Record<string, unknown> = {}
  const byNumber = new Map(Object.entries(table).map(([name, [number, kind]]) => [number, { name, kind }]))
  while (reader.pos < end) {
    const tag = reader.uint32()
    const known = byNumber.get(tag >>> 3)
    const wanted = known === undefined ? undefined : wireTypeOf(known.kind)
    if (known === undefined) reader.skipType(tag & 7)
    else if (wanted !== (tag & 7))
      throw new ChatError('bad_request', `${known.name} has wire type ${tag & 7}, not ${wanted}`)
    else if (known.kind === 'strings')
      value[known.name] = [...((value[known.name] as string[]) ?? []), reader.string()]
    else value[known.name] = readValue(known.kind, reader)
  }
  if (reader.pos !== end) throw new ChatError('bad_request', 'a field is longer than its message')
  return value
}

function wireTypeOf(kind: Kind): number {
  return kind === 'uint64' || kind === 'bool' || kind === 'type' ? VARINT : DELIMITED
}

function readValue(kind: Exclude<Kind, 'strings'>, reader: protobuf.Reader): unknown {
  if (kind === 'string') return reader.string()
  if (kind === 'bool') return reader.bool()
  if (kind === 'type') return TYPES[reader.uint32()] ?? ''
  if (kind === 'uint64') return Number(reader.uint64().toString())
  const end = reader.uint32() + reader.pos
  if (end > reader.len) throw new ChatError('bad_request', 'the message is truncated')
  return readFields(kind, reader, end)
}
