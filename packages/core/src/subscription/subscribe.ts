/** Sets up a subscription: for a subscribe command, for the channels of a token and for the server API. */
import {
  type CloseCode,
  type StoredPublication,
  type StreamPosition,
  type SubscribeResult,
  UNSUBSCRIBE,
} from '@skein/protocol'
import type { Connection } from '../connection/connection.ts'
import type { EndReason } from '../connection/subscriptions.ts'
import { personalUser, type ResolvedNamespace } from '../namespaces/channels.ts'
import type { Writable } from '../util/writable.ts'
import { catchUp } from './catch-up.ts'
import { presenceInfo } from './client-info.ts'
import type { SubscriptionContext } from './context.ts'
import { begin, type Start } from './recovery.ts'
import { Subscription } from './subscription.ts'

/** A permitted subscription. */
export interface SubscribeOrder {
  readonly channel: string
  readonly namespace: ResolvedNamespace
  readonly serverSide: boolean
  readonly since: StreamPosition | undefined
  /** The client asks for join and leave pushes. */
  readonly joinLeave: boolean
  /** The client asks for deltas, and the namespace allows them. */
  readonly deltas?: boolean
  readonly info?: string | undefined
  readonly data?: SubscribeResult['data']
  /** Unix seconds. */
  readonly expireAt?: number | undefined
}

/** The connection or the subscription ended while it was being set up. The command has no reply. */
export class Abandoned extends Error {
  override readonly name = 'Abandoned'
}

/** A subscription that is ready to go live. The caller calls `live` right after it has written the result. */
export interface Prepared {
  readonly channel: string
  readonly result: SubscribeResult
  readonly recovered: boolean | undefined
  live(): void
  /** Ends the subscription instead. */
  cancel(): void
}

const NOT_SET_UP: EndReason = { code: 0, reason: 'not set up' }

/** Recovered publications beyond it follow the reply as pushes, so that no frame grows large. */
const MAX_REPLY_BYTES = 65_536

/** Rejects if the cluster cannot be reached, and then undoes everything. */
export async function prepare(
  node: SubscriptionContext,
  connection: Connection,
  order: SubscribeOrder,
): Promise<Prepared> {
  // A connection that ended during its token or hook would never end the subscription.
  if (!connection.open) throw new Abandoned('the connection ended before it was subscribed')
  const subscription = register(node, connection, order)
  try {
    // A personal channel is delivered by the session index.
    if (personalUser(order.channel) === undefined) await listen(node, subscription)
    if (subscription.channel.namespace.presence) await enter(node, subscription)
    const start = order.namespace.recovery ? await begin(node, subscription, order.since) : undefined
    assertAlive(subscription)
    return prepared(node, subscription, order, start)
  } catch (error) {
    connection.endSubscription(subscription, NOT_SET_UP)
    throw error
  }
}

function register(node: SubscriptionContext, connection: Connection, order: SubscribeOrder): Subscription {
  const channel = node.hub.open(order.channel, order.namespace)
  const subscription = new Subscription(node, connection, channel, order.serverSide)
  subscription.positioned = order.namespace.recovery
  subscription.joinLeave = order.namespace.joinLeave && order.joinLeave
  subscription.info = order.info
  if (order.deltas === true) subscription.base = null
  channel.add(subscription)
  connection.addSubscription(subscription)
  return subscription
}

async function listen(node: SubscriptionContext, subscription: Subscription): Promise<void> {
  const { name } = subscription.channel
  await node.interest.acquire(name)
  if (subscription.alive) subscription.interested = true
  else node.interest.release(name)
  assertAlive(subscription)
}

async function enter(node: SubscriptionContext, subscription: Subscription): Promise<void> {
  const { channel, connection } = subscription
  const { namespace } = channel
  // Set before the call: the outcome of a failed addition is unknown, so the end removes the entry in any
  // case.
  subscription.present = true
  subscription.announced = namespace.joinLeave
  node.cleanup.cancelRetry(subscription.presenceEntry)
  const info = presenceInfo(connection, subscription)
  await node.cluster.presence.add(channel.name, info, namespace.joinLeave, namespace.leaveGrace * 1000)
  assertAlive(subscription)
}

function assertAlive(subscription: Subscription): void {
  if (!subscription.alive) throw new Abandoned('the subscription ended while it was set up')
}

function prepared(
  node: SubscriptionContext,
  subscription: Subscription,
  order: SubscribeOrder,
  start: Start | undefined,
): Prepared {
  const [plain, rest] = split(start?.publications ?? [])
  const first = subscription.base === undefined ? plain : chained(plain)
  if (subscription.base === null) subscription.base = plain.at(-1)?.envelope ?? null
  const last = first.at(-1) ?? rest[0]
  subscription.from =
    rest.length > 0 && last !== undefined
      ? (first.at(-1)?.offset ?? last.offset - 1)
      : (start?.position.offset ?? 0)
  if (order.expireAt !== undefined) {
    subscription.expireAt = order.expireAt
    subscription.connection.heartbeat.expireSubscriptionAt(order.expireAt)
  }
  const result = describe(order, start, first)
  if (order.expireAt !== undefined) {
    result.expires = true
    result.ttl = Math.max(1, Math.ceil(order.expireAt - node.clock.now() / 1000))
  }
  if (order.data !== undefined) result.data = order.data
  if (order.deltas === true) result.delta = true
  return {
    channel: order.channel,
    result,
    recovered: start?.recovered,
    live: () => catchUp(node, subscription, rest),
    cancel: () => subscription.connection.endSubscription(subscription, NOT_SET_UP),
  }
}

/** `offset` of the result is the client's position before it handles the publications of the reply. */
function describe(
  order: SubscribeOrder,
  start: Start | undefined,
  first: readonly StoredPublication[],
): Writable<SubscribeResult> {
  if (start === undefined) return {}
  const offset =
    start.recovered === true && order.since !== undefined ? order.since.offset : start.position.offset
  const result: Writable<SubscribeResult> = {
    recoverable: true,
    positioned: true,
    epoch: start.position.epoch,
    offset,
  }
  if (start.recovered !== undefined) result.wasRecovering = true
  if (start.recovered === true) result.recovered = true
  if (first.length > 0) result.publications = first
  return result
}

/** For a subscription with deltas: each publication as a patch of the one before, the first whole. */
function chained(publications: readonly StoredPublication[]): StoredPublication[] {
  return publications.map((stored, at) => ({ ...stored, base: publications[at - 1]?.envelope ?? null }))
}

function split(publications: readonly StoredPublication[]): [StoredPublication[], StoredPublication[]] {
  let bytes = 0
  let count = 0
  for (const { envelope } of publications) {
    bytes += envelope.length
    if (bytes > MAX_REPLY_BYTES && count > 0) break
    count++
  }
  return [publications.slice(0, count), publications.slice(count)]
}

/** Subscribes a connection for the server API. A push notifies the client. */
export async function subscribeByServer(
  node: SubscriptionContext,
  connection: Connection,
  order: SubscribeOrder,
): Promise<void> {
  if (connection.subscriptions.has(order.channel)) return
  const { result, live, recovered } = await prepare(node, connection, order)
  connection.push({ kind: 'subscribe', channel: order.channel, result })
  live()
  node.events.emit('subscribed', { client: connection, channel: order.channel, recovered, publications: 0 })
}

/** Ends a subscription for the server API. A push notifies the client, which does not subscribe again. */
export function unsubscribeByServer(
  connection: Connection,
  channel: string,
  why: CloseCode = UNSUBSCRIBE.server,
): void {
  const subscription = connection.subscriptions.get(channel)
  if (subscription !== undefined) connection.dropSubscription(subscription, why)
}
