/** Writes domain events to the log. Nothing else depends on it. */
import type { ClientView, DomainEvents, EventName, Events } from '@skein/core'
import type { Logger } from 'pino'
import { onceInAWhile } from './repeated.ts'

export function logEvents(events: Events, log: Logger): void {
  const on = <N extends EventName>(name: N, write: (event: DomainEvents[N]) => void) => events.on(name, write)

  on('connectionOpened', ({ client, encoding }) =>
    log.debug({ ...whose(client), encoding }, 'connection opened'),
  )
  on('connectionEstablished', ({ client, sdk, ms }) =>
    log.debug({ ...whose(client), sdk: sdk.slice(0, 32), ms }, 'connection established'),
  )
  on('connectionClosed', ({ client, code, reason, byServer }) =>
    log.debug({ ...whose(client), code, reason, byServer }, 'connection closed'),
  )
  // At level info, since a client decides on the number of these lines. There are metrics for them as well.
  on('badFrame', ({ client, code, reason }) => log.info({ ...whose(client), code, reason }, 'bad frame'))
  on('subscribed', ({ client, channel, recovered, publications }) =>
    log.trace({ ...whose(client), channel, recovered, publications }, 'subscribed'),
  )
  on('unsubscribed', ({ client, channel, code }) =>
    log.trace({ ...whose(client), channel, code }, 'unsubscribed'),
  )
  on('gap', ({ channel, missing, outcome }) => log.warn({ channel, missing, outcome }, 'gap in a channel'))
  on('overflow', ({ queue, policy, client, channel }) =>
    log.warn({ ...whose(client), queue, policy, channel }, 'a queue was full'),
  )
  on('shed', ({ reason, connections }) =>
    log.info({ reason, connections }, 'closed connections with 3011 for a reconnect'),
  )
  on('rebalanceFutile', ({ shed, returned }) =>
    log.warn(
      { shed, returned },
      'rebalancing pauses: the closed connections returned to this node; check that the proxy uses least_conn',
    ),
  )
  on('busRestored', ({ channels }) =>
    log.warn({ channels }, 'the bus has reconnected; comparing all channels with their streams'),
  )
  const again = onceInAWhile()
  on('internalError', ({ where, error, client }) => {
    if (where !== 'join') log.error({ ...whose(client), where, err: error }, 'internal error')
    // The node retries twice a second without a limit.
    else if (again(where))
      log.warn({ err: error }, 'waiting for the cluster: the node is not ready and retries')
  })
  on('listenerError', ({ event, error }) => log.error({ event, err: error }, 'a listener threw'))
}

/** The ids that the log lines of one connection share. */
function whose(client: ClientView | undefined): object {
  if (client === undefined) return {}
  const { network } = client
  return {
    connection: client.client,
    user: client.user === '' ? undefined : client.user,
    request: network?.requestId,
    trace: network?.traceId,
    address: network?.remoteAddress,
  }
}
