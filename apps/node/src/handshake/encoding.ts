/** The encoding of a connection: by WebSocket subprotocol, or by the query of older SDKs. */
import type { Encoding } from '@skein/protocol'

/** Of the request, as Fastify parses it: a repeated parameter is a list. */
export type Query = Readonly<Record<string, string | readonly string[] | undefined>>

const BY_SUBPROTOCOL: Readonly<Record<string, Encoding>> = {
  'centrifuge-protobuf': 'protobuf',
  'centrifuge-json': 'json',
}

/** The subprotocol of the response: the client's first choice among ours. */
export function chooseSubprotocol(offered: ReadonlySet<string>): string | false {
  for (const name of offered) if (Object.hasOwn(BY_SUBPROTOCOL, name)) return name
  return false
}

/** `subprotocol`: the negotiated one, empty for none. */
export function encodingOf(subprotocol: string, query: Query): Encoding {
  const agreed = BY_SUBPROTOCOL[subprotocol]
  if (agreed !== undefined) return agreed
  return first(query, 'format') === 'protobuf' || first(query, 'cf_protocol') === 'protobuf'
    ? 'protobuf'
    : 'json'
}

/** The first value of a parameter. */
export function first(query: Query, name: string): string | undefined {
  const value = query[name]
  return typeof value === 'string' ? value : value?.[0]
}
