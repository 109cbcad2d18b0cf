/** `data` and `b64data` of API requests, payloads and client infos of API results. */
import { ReplyError } from '@skein/core'
import { type ClientInfo, ERROR, type Payload, type Publication } from '@skein/protocol'
import Type from 'typebox'
import { type JsonText, object } from './json.ts'
import { optional } from './method.ts'

/** The two fields of a request that carries a payload. */
export const PayloadFields = {
  data: optional(Type.Unknown({ description: 'Any JSON value.' })),
  b64data: optional(Type.String({ description: 'Bytes in base64, in place of `data`.' })),
}

interface WithPayload {
  readonly data?: unknown
  readonly b64data?: string
}

/** The payload of a request. Throws `ReplyError` 107 if it has none. */
export function payloadOf(request: WithPayload): Payload {
  if (request.b64data !== undefined && request.b64data !== '') return Buffer.from(request.b64data, 'base64')
  if (request.data === undefined) throw new ReplyError(ERROR.badRequest, 'the request lacks data')
  return written(request.data)
}

/**
 * JSON text of a value. Throws `ReplyError` 107: a parsed value can be nested too deeply for
 * `JSON.stringify`.
 */
export function written(value: unknown): JsonText {
  try {
    return JSON.stringify(value)
  } catch (error) {
    if (error instanceof RangeError) throw new ReplyError(ERROR.badRequest, 'data is nested too deeply')
    throw error
  }
}

export const ClientInfoSchema = Type.Object({
  user: Type.String(),
  client: Type.String(),
  conn_info: optional(Type.Unknown()),
  chan_info: optional(Type.Unknown()),
})

export function clientInfo({ user, client, connInfo, chanInfo }: ClientInfo): JsonText {
  return object({
    user: JSON.stringify(user),
    client: JSON.stringify(client),
    conn_info: connInfo,
    chan_info: chanInfo,
  })
}

export const PublicationSchema = Type.Object({
  ...PayloadFields,
  info: optional(ClientInfoSchema),
  offset: Type.Integer(),
  tags: optional(Type.Record(Type.String(), Type.String())),
})

export function publication({ data, info, offset, tags }: Publication): JsonText {
  return object({
    ...payloadFields(data),
    info: info && clientInfo(info),
    offset: String(offset),
    tags: tags && JSON.stringify(tags),
  })
}

function payloadFields(data: Payload): Readonly<Record<string, JsonText>> {
  if (typeof data === 'string') return { data }
  return { b64data: JSON.stringify(Buffer.from(data).toString('base64')) }
}
