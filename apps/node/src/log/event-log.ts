/** Writes domain events to the log. Nothing else depends on it. */
import type { ClientView, DomainEvents, EventName, Events } from '@skein/core'
import type { Logger } from 'pino'
import { isExpected, type OutageLog } from './outage.ts'
import { countRepeated } from './repeated.ts'

export function logEvents(
  events: Events,
  log: Logger,
  outage: Pick<OutageLog, 'begin' | 'failed'>,
  now?: () => number,
): void {
  const repeated = countRepeated(now)
  /** Calls `write` if a line of this kind is due, with the number of omitted lines to log. */
  const bounded = (kind: string, write: (omitted: { omitted?: number }) => void): void => {
    const omitted = repeated(kind)
    if (omitted !== undefined) write(omitted > 0 ? { omitted } : {})
  }
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
  on('badFrame', ({ client, code, reason }) =>
    bounded(`bad frame ${code}`, (omitted) =>
      log.info({ ...whose(client), code, reason, ...omitted }, 'bad frame'),
    ),
  )
  on('subscribed', ({ client, channel, recovered, publications }) =>
    log.trace({ ...whose(client), channel, recovered, publications }, 'subscribed'),
  )
  on('unsubscribed', ({ client, channel, code }) =>
    log.trace({ ...whose(client), channel, code }, 'unsubscribed'),
  )
  on('gap', ({ channel, missing, outcome }) =>
    bounded(`gap ${outcome}`, (omitted) =>
      log.warn({ channel, missing, outcome, ...omitted }, 'gap in a channel'),
    ),
  )
  on('aheadDropped', ({ channel, offset }) =>
    bounded('ahead', (omitted) =>
      log.warn({ channel, offset, ...omitted }, 'dropped a publication that its stream does not have'),
    ),
  )
  on('overflow', ({ queue, policy, client, channel }) =>
    bounded(`overflow ${queue} ${policy}`, (omitted) =>
      log.warn({ ...whose(client), queue, policy, channel, ...omitted }, 'a queue was full'),
    ),
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
  on('internalError', ({ where, error, client }) => {
    if (!isExpected(error))
      bounded(`error ${where}`, (omitted) =>
        log.error({ ...whose(client), where, err: error, ...omitted }, 'internal error'),
      )
    else if (where === 'join') outage.begin(String(error))
    else outage.failed(error, where)
  })
  on('listenerError', ({ event, error }) =>
    bounded(`listener ${event}`, (omitted) =>
      log.error({ event, err: error, ...omitted }, 'a listener threw'),
    ),
  )
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
