import { ERROR } from '@skein/protocol'
import { ReplyError } from '../errors.ts'
import type { ResolvedNamespace } from '../namespaces/channels.ts'
import type { HistoryCall } from '../node-api.ts'
import type { HistoryPage } from '../ports.ts'
import type { SubscriptionContext } from './context.ts'
import { continues } from './recovery.ts'

/**
 * A page for a client or the server API. `limit`: absent or 0 for the position only, negative for all up to
 * the bound.
 */
export async function readHistory(
  node: SubscriptionContext,
  channel: string,
  namespace: ResolvedNamespace,
  { limit = 0, since, reverse }: HistoryCall,
): Promise<HistoryPage> {
  const max = node.limits.historyPublications
  const page = await node.cluster.broker.history(channel, {
    limit: limit < 0 ? max : Math.min(limit, max),
    metaTtl: namespace.stream.metaTtl,
    ...(since !== undefined && { since: since.offset }),
    ...(reverse === true && { reverse: true }),
  })
  if (since !== undefined && since.epoch !== '' && !continues(page, since)) {
    throw new ReplyError(ERROR.unrecoverablePosition)
  }
  return page
}
