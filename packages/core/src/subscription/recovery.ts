/**
 * The start of a subscription with recovery: subscribe, buffer, read, merge. When it begins, the broker
 * listens and the subscription buffers, so each later publication is in the page or in the buffer. A hole
 * between the two means that the bus lost a publication: the stream is read again.
 */
import { ERROR, type StoredPublication, type StreamPosition, type SubscribeRequest } from '@skein/protocol'
import { ReplyError } from '../errors.ts'
import type { HistoryPage } from '../ports.ts'
import type { SubscriptionContext } from './context.ts'
import type { Subscription } from './subscription.ts'

/** With a hole after each of them the bus is failing, and the client retries later. */
const MAX_STREAM_READS = 5

/**
 * The start of a subscription with recovery. `recovered`: `undefined` if the client did not ask to recover.
 */
export interface Start {
  readonly position: StreamPosition
  readonly publications: readonly StoredPublication[]
  readonly recovered: boolean | undefined
}

/** The client's last position, if it asks to recover from there. */
export function requestedPosition(
  request: Pick<SubscribeRequest, 'recover' | 'offset' | 'epoch'> | undefined,
): StreamPosition | undefined {
  if (request?.recover !== true) return undefined
  return { offset: request.offset ?? 0, epoch: request.epoch ?? '' }
}

/** Rejects with `Unavailable` if the stream cannot be read, with error 100 if every page leaves a hole. */
export async function begin(
  node: SubscriptionContext,
  subscription: Subscription,
  since: StreamPosition | undefined,
): Promise<Start> {
  const known = fromPosition(subscription, since)
  if (known !== undefined) return known
  for (let read = 0; read < MAX_STREAM_READS; read++) {
    subscription.disturbed = false
    const page = await readStream(node, subscription, since)
    // The channel lost its state meanwhile: the page may be of the old epoch.
    if (subscription.disturbed) continue
    subscription.channel.observe(page)
    const merged = merge(evaluate(page, since, node.limits.recoveryPublications), subscription)
    if (merged !== undefined) return merged
  }
  throw new ReplyError(ERROR.internal, 'the stream moves faster than it can be read')
}

/** Without a read: the node knows the channel's position, and the client asks for nothing older. */
function fromPosition(subscription: Subscription, since: StreamPosition | undefined): Start | undefined {
  const { position, repairing } = subscription.channel
  if (position === undefined || repairing) return undefined
  if (since === undefined) return { position, publications: [], recovered: undefined }
  const same = since.offset === position.offset && (since.epoch === position.epoch || since.epoch === '')
  return same ? { position, publications: [], recovered: true } : undefined
}

function readStream(
  node: SubscriptionContext,
  subscription: Subscription,
  since: StreamPosition | undefined,
): Promise<HistoryPage> {
  const { name, namespace } = subscription.channel
  const { metaTtl } = namespace.stream
  if (since === undefined) return node.cluster.broker.history(name, { limit: 0, metaTtl })
  const max = node.limits.recoveryPublications
  return node.cluster.broker.history(name, { since: since.offset, limit: max > 0 ? max + 1 : -1, metaTtl })
}

/** Whether a position belongs to the stream of the page, in this epoch or an earlier one. */
export function continues(page: Pick<HistoryPage, 'epoch' | 'before'>, since: StreamPosition): boolean {
  if (since.epoch === page.epoch) return true
  return page.before?.some(({ epoch, offset }) => epoch === since.epoch && since.offset <= offset) === true
}

/** Recovered: the same stream, and every publication since the position, up to the top and without a hole. */
function evaluate(page: HistoryPage, since: StreamPosition | undefined, max: number): Start {
  const position = { offset: page.offset, epoch: page.epoch }
  if (since === undefined) return { position, publications: [], recovered: undefined }
  const { publications } = page
  const sameStream = since.epoch === '' || continues(page, since)
  const complete =
    publications.length === page.offset - since.offset &&
    publications.every((publication, i) => publication.offset === since.offset + 1 + i)
  const recovered = sameStream && complete && (max === 0 || publications.length <= max)
  return { position, publications: recovered ? publications : [], recovered }
}

/** Appends the buffered publications to the page. `undefined`: there is a hole between the two. */
function merge(start: Start, subscription: Subscription): Start | undefined {
  const publications = [...start.publications]
  let top = start.position.offset
  for (const push of subscription.buffer ?? []) {
    if (push.kind !== 'pub' || push.offset <= top) continue
    if (push.offset !== top + 1) return undefined
    top = push.offset
    if (start.recovered === true) publications.push({ offset: push.offset, envelope: push.envelope })
  }
  return { ...start, publications, position: { offset: top, epoch: start.position.epoch } }
}
