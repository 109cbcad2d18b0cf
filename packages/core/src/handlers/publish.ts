import { ERROR, encodeEnvelope, type PublishRequest } from '@skein/protocol'
import type { Connection } from '../connection/connection.ts'
import { ReplyError } from '../errors.ts'
import { presenceInfo } from '../subscription/client-info.ts'
import type { Writable } from '../util/writable.ts'
import type { Answer } from './answer.ts'
import type { HandlerContext } from './context.ts'
import { demand } from './permissions.ts'

/**
 * Errors: 107 without data, 102 or 107 for the channel, 103 if this client may not publish there, 100
 * (temporary).
 */
export async function handlePublish(
  node: HandlerContext,
  connection: Connection,
  request: PublishRequest,
): Promise<Answer<'publish'>> {
  const { channel, data } = request
  const namespace = node.channels.of(channel)
  if (data === undefined) throw new ReplyError(ERROR.badRequest, 'data is missing')
  const pending = node.hooks.onPublish?.(connection, { channel, data })
  const decision = pending instanceof Promise ? await connection.keepOrder(pending) : pending
  if (decision?.published !== undefined) return { result: {} }
  if (decision?.allow !== true) demand(namespace.publish, connection, channel)
  const publication: Writable<Parameters<typeof encodeEnvelope>[0]> = {
    data: decision?.data ?? data,
    info: presenceInfo(connection, connection.subscriptions.get(channel)),
    time: node.clock.now(),
  }
  if (decision?.tags !== undefined) publication.tags = decision.tags
  const envelope = encodeEnvelope(publication)
  const key = decision?.idempotencyKey
  const options = key === undefined ? namespace.stream : { ...namespace.stream, idempotencyKey: key }
  const { offset, duplicate } = await node.cluster.broker.publish(channel, envelope, options)
  node.events.emit('published', { channel, offset, envelope, user: connection.user, duplicate })
  return { result: {} }
}
