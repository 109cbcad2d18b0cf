/**
 * Where a new subscription begins, and what it missed: subscribe, buffer, read, merge. The subscription stands in the hub
 * and buffers before this is called, and the broker listens; so whatever is published from here on is either in the page
 * that is read or in the buffer, and a hole between the two means that the bus lost something: then the stream is read again.
 */
import { ERROR, type StoredPublication, type StreamPosition, type SubscribeRequest } from '@skein/protocol'
import { ReplyError } from '../errors.ts'
import type { HistoryPage } from '../ports.ts'
import type { SubscriptionContext } from './context.ts'
import type { Subscription } from './subscription.ts'

/** A hole right after each reading means a bus in trouble: the client tries again, later. */
const READS = 5

/** What a recoverable subscription starts with. `recovered` is `undefined` when the client asked for nothing. */
export interface Start {
  readonly position: StreamPosition
  readonly publications: readonly StoredPublication[]
  readonly recovered: boolean | undefined
}

/** The client's last position, when it wants what came after it. */
export function wanted(
  request: Pick<SubscribeRequest, 'recover' | 'offset' | 'epoch'> | undefined,
): StreamPosition | undefined {
  if (request?.recover !== true) return undefined
  return { offset: request.offset ?? 0, epoch: request.epoch ?? '' }
}

/** Rejects with `Unavailable` when the stream cannot be read, with error 100 when readings never meet the bus. */
export async function begin(
  node: SubscriptionContext,
  subscription: Subscription,
  since: StreamPosition | undefined,
): Promise<Start> {
  const atOnce = fromPosition(subscription, since)
  if (atOnce !== undefined) return atOnce
  for (let read = 0; read < READS; read++) {
    subscription.disturbed = false
    const page = await readStream(node, subscription, since)
    if (subscription.disturbed) continue // the channel began a new epoch meanwhile: the page may be of the old one
    subscription.channel.observe(page)
    const merged = merge(judge(page, since, node.limits.recoveryPublications), subscription)
    if (merged !== undefined) return merged
  }
  throw new ReplyError(ERROR.internal, 'the stream moves faster than it can be read')
}

/** Without any read: this node knows the channel's position, and the client is at it, or asks for nothing older. */
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
  const most = node.limits.recoveryPublications
  return node.cluster.broker.history(name, { since: since.offset, limit: most > 0 ? most + 1 : -1, metaTtl })
}

/** Whether a position is one of the stream that the page is from, in this epoch or in an earlier one. */
export function continues(page: Pick<HistoryPage, 'epoch' | 'before'>, since: StreamPosition): boolean {
  if (since.epoch === page.epoch) return true
  return page.before?.some(({ epoch, offset }) => epoch === since.epoch && since.offset <= offset) === true
}

/** Recovered: the same stream, and every publication since, without a hole, up to its top. Never a part of it. */
function judge(page: HistoryPage, since: StreamPosition | undefined, most: number): Start {
  const position = { offset: page.offset, epoch: page.epoch }
  if (since === undefined) return { position, publications: [], recovered: undefined }
  const { publications } = page
  const sameStream = since.epoch === '' || continues(page, since)
  const complete =
    publications.length === page.offset - since.offset &&
    publications.every((publication, i) => publication.offset === since.offset + 1 + i)
  const recovered = sameStream && complete && (most === 0 || publications.length <= most)
  return { position, publications: recovered ? publications : [], recovered }
}

/** Puts what was buffered behind what was read. `undefined`: there is a hole between the two. */
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
