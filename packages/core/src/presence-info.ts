import type { ClientInfo } from '@skein/protocol'
import type { Connection } from './connection.ts'
import type { Subscription } from './subscription.ts'

/** What others see of a connection in a channel. */
export function presenceInfo(
  connection: Connection,
  subscription: Pick<Subscription, 'info'> | undefined,
): ClientInfo {
  const connInfo = connection.credentials?.info
  const chanInfo = subscription?.info
  return {
    user: connection.user,
    client: connection.client,
    ...(connInfo !== undefined && { connInfo }),
    ...(chanInfo !== undefined && { chanInfo }),
  }
}
