import { because, CLOSE, ERROR, type SubscribeRequest } from '@skein/protocol'
import { CloseError, ReplyError } from '../errors.ts'
import type { ConnectDecision } from '../hooks.ts'
import { personalChannel, personalUser, type ResolvedNamespace } from '../namespaces/channels.ts'
import type { ServerSubscription } from '../ports.ts'
import type { Credentials } from '../socket.ts'
import type { SubscriptionContext } from './context.ts'
import { requestedPosition } from './recovery.ts'
import type { SubscribeOrder } from './subscribe.ts'

/**
 * The server-side subscriptions of a connection: of the token, of the hook, and the user's personal channel.
 * Throws `CloseError` 3500 or 3507 if one of them is the personal channel of another user.
 */
export function serverSubscriptions(
  node: SubscriptionContext,
  credentials: Credentials,
  decision: ConnectDecision | undefined,
): Map<string, ServerSubscription> {
  const channels = new Map<string, ServerSubscription>()
  assertOwnChannels(credentials)
  for (const channel in credentials.channels) channels.set(channel, credentials.channels[channel] ?? {})
  for (const channel in decision?.channels) {
    if (isForeign(channel, credentials.user)) throw new CloseError(because(CLOSE.permissionDenied, FOREIGN))
    channels.set(channel, decision.channels[channel] ?? {})
  }
  if (node.channels.personal !== undefined && credentials.user !== '')
    channels.set(personalChannel(credentials.user), {})
  return channels
}

const FOREIGN = 'a personal channel of another user is requested'

/** Throws `CloseError` 3500 if the token names the personal channel of another user. */
export function assertOwnChannels({ user, channels }: Credentials): void {
  for (const channel in channels)
    if (isForeign(channel, user)) throw new CloseError(because(CLOSE.invalidToken, FOREIGN))
}

/** Whether `channel` is the personal channel of a user other than `user`. */
function isForeign(channel: string, user: string): boolean {
  const owner = personalUser(channel)
  return owner !== undefined && owner !== user
}

/**
 * `position`: the client's own position, before the API's `recoverSince`. Throws `ReplyError` 102, 103, 107,
 * 110.
 */
export function serverOrder(
  node: SubscriptionContext,
  user: string,
  channel: string,
  options: ServerSubscription,
  position?: SubscribeRequest,
): SubscribeOrder {
  const namespace = overridden(node.channels.of(channel), options.override)
  if (isForeign(channel, user)) throw new ReplyError(ERROR.permissionDenied, FOREIGN)
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
