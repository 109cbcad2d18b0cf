import { ERROR, type SubscribeRequest } from '@skein/protocol'
import { ReplyError } from '../errors.ts'
import type { ConnectDecision } from '../hooks.ts'
import { personalChannel, type ResolvedNamespace } from '../namespaces/channels.ts'
import type { ServerSubscription } from '../ports.ts'
import type { Credentials } from '../socket.ts'
import type { SubscriptionContext } from './context.ts'
import { requestedPosition } from './recovery.ts'
import type { SubscribeOrder } from './subscribe.ts'

/**
 * The server-side subscriptions of a connection: of the token, of the hook, and the user's personal channel.
 */
export function serverSubscriptions(
  node: SubscriptionContext,
  credentials: Credentials,
  decision: ConnectDecision | undefined,
): Map<string, ServerSubscription> {
  const channels = new Map<string, ServerSubscription>()
  for (const channel in credentials.channels) channels.set(channel, credentials.channels[channel] ?? {})
  for (const channel in decision?.channels) channels.set(channel, decision.channels[channel] ?? {})
  if (node.channels.personal !== undefined && credentials.user !== '')
    channels.set(personalChannel(credentials.user), {})
  return channels
}

/**
 * `position`: the client's own position, before the API's `recoverSince`. Throws `ReplyError` 102, 107, 110.
 */
export function serverOrder(
  node: SubscriptionContext,
  channel: string,
  options: ServerSubscription,
  position?: SubscribeRequest,
): SubscribeOrder {
  const namespace = overridden(node.channels.of(channel), options.override)
  const { expireAt } = options
  if (expireAt !== undefined && expireAt > 0 && expireAt * 1000 <= node.clock.now())
    throw new ReplyError(ERROR.expired)
  return {
    channel,
    namespace,
    serverSide: true,
    since: requestedPosition(position) ?? options.recoverSince,
    joinLeave:
      position?.joinLeave === true || options.override?.forcePushJoinLeave === true || namespace.joinLeave,
    info: options.info,
    expireAt: expireAt === 0 ? undefined : expireAt,
    ...(options.data !== undefined && { data: options.data }),
  }
}

function overridden(
  namespace: ResolvedNamespace,
  override: ServerSubscription['override'],
): ResolvedNamespace {
  if (override === undefined) return namespace
  const { presence, joinLeave, forceRecovery, forcePositioning } = override
  const recovery = (forceRecovery ?? forcePositioning ?? namespace.recovery) && namespace.historySize > 0
  return {
    ...namespace,
    recovery,
    presence: presence ?? namespace.presence,
    joinLeave: (joinLeave ?? namespace.joinLeave) && (presence ?? namespace.presence),
  }
}
