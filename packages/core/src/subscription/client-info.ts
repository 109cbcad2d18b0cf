import type { ClientInfo } from '@skein/protocol'
import type { Connection } from '../connection/connection.ts'
import type { ResolvedNamespace } from '../namespaces/channels.ts'
import type { Cluster, PresenceEntry } from '../ports.ts'
import type { Writable } from '../util/writable.ts'

/** A connection in a channel, as other clients see it. */
export function presenceInfo(
  connection: Connection,
  subscription: { readonly info: string | undefined } | undefined,
): ClientInfo {
  const connInfo = connection.credentials?.info
  const chanInfo = subscription?.info
  const info: Writable<ClientInfo> = { user: connection.user, client: connection.client }
  if (connInfo !== undefined) info.connInfo = connInfo
  if (chanInfo !== undefined) info.chanInfo = chanInfo
  return info
}

/** The presence of a channel, as clients and the server API receive it. */
export async function readPresence(
  cluster: Cluster,
  channel: string,
  namespace: ResolvedNamespace,
): Promise<readonly ClientInfo[]> {
  return (await cluster.presence.list(channel, namespace.suspected)).map(marked)
}

/**
 * A suspected entry has `"state":"suspected"` in `chan_info`: as one more member of an object, or in place of
 * other data.
 */
function marked(entry: PresenceEntry): ClientInfo {
  if (entry.suspected !== true) return entry
  const { suspected, ...info } = entry
  return { ...info, chanInfo: JSON.stringify({ ...members(info.chanInfo), state: 'suspected' }) }
}

function members(json: string | undefined): object {
  if (json === undefined) return {}
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
  } catch {
    return {} // A Protobuf client may have bytes there that are no JSON.
  }
}
