/** Domain events as log lines. One listener among others: it can be left out without anything changing but the log. */
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
  // At info, since who connects may choose how often: an operator who wants less has metrics for it.
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
    log.info({ reason, connections }, 'connections were asked to come back'),
  )
  on('rebalanceFutile', ({ shed, returned }) =>
    log.warn(
      { shed, returned },
      'rebalance: those given away came back here; does the proxy place by least_conn? Pausing',
    ),
  )
  on('busRestored', ({ channels }) => log.warn({ channels }, 'the bus is back; all channels are compared'))
  const again = onceInAWhile()
  on('internalError', ({ where, error, client }) => {
    if (where !== 'join') log.error({ ...whose(client), where, err: error }, 'internal error')
    // Tried twice a second for as long as it takes.
    else if (again(where)) log.warn({ err: error }, 'waiting for the cluster: not ready, trying again')
  })
  on('listenerError', ({ event, error }) => log.error({ event, err: error }, 'a listener threw'))
}

/** The ids by which lines of one connection are found together. */
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
