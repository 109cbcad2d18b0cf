/** How frames are written on a connection: by WebSocket subprotocol, or by the query where old SDKs put it. */
import type { Encoding } from '@skein/protocol'

const BY_SUBPROTOCOL: Readonly<Record<string, Encoding>> = {
  'centrifuge-protobuf': 'protobuf',
  'centrifuge-json': 'json',
}

/** The subprotocol to echo: the client's first choice among ours. Nothing else that it sent comes back. */
export function chooseSubprotocol(offered: ReadonlySet<string>): string | false {
  for (const name of offered) if (Object.hasOwn(BY_SUBPROTOCOL, name)) return name
  return false
}

/** `subprotocol` is what was agreed on, '' for none. */
export function encodingOf(subprotocol: string, query: URLSearchParams): Encoding {
  const agreed = BY_SUBPROTOCOL[subprotocol]
  if (agreed !== undefined) return agreed
  return query.get('format') === 'protobuf' || query.get('cf_protocol') === 'protobuf' ? 'protobuf' : 'json'
}
