/** Handles the messages of the control channel. */
import type { CloseCode } from '@skein/protocol'
import { CLOSE } from '@skein/protocol'
import type { Connection } from '../connection/connection.ts'
import { refreshed } from '../handlers/refresh.ts'
import type { UserTarget } from '../node-api.ts'
import type { ControlMessage } from '../ports.ts'
import { serverOrder } from '../subscription/server-subscriptions.ts'
import { subscribeByServer, unsubscribeByServer } from '../subscription/subscribe.ts'
import { globMatcher } from '../util/glob.ts'
import { unreachable } from '../util/unreachable.ts'
import type { NodeContext } from './context.ts'
import type { Surveys } from './surveys.ts'

type Order<O extends ControlMessage['op']> = Extract<ControlMessage, { op: O }>

/** A survey counts the subscriptions of this node. */
export function handleControl(node: NodeContext, surveys: Surveys, message: ControlMessage): void {
  switch (message.op) {
    case 'disconnect':
      disconnect(node, message)
      return
    case 'subscribe':
      subscribe(node, message)
      return
    case 'unsubscribe':
      for (const connection of targets(node, message)) unsubscribeByServer(connection, message.channel)
      return
    case 'refresh':
      for (const connection of targets(node, message)) refresh(node, connection, message)
      return
    case 'survey':
      answerSurvey(node, message)
      return
    case 'survey_reply':
      if (message.to === node.cluster.membership.uid) surveys.take(message)
      return
    default:
      unreachable(message)
  }
}

function targets(node: NodeContext, { user, client, session }: UserTarget): readonly Connection[] {
  const wanted = client ?? session
  const all = node.users.of(user).filter((connection) => connection.open)
  return wanted === undefined || wanted === ''
    ? all
    : all.filter((connection) => connection.client === wanted)
}

function disconnect(node: NodeContext, order: Order<'disconnect'>): void {
  const close: CloseCode = { code: order.code, reason: order.reason }
  for (const connection of targets(node, order)) {
    if (order.whitelist?.includes(connection.client) !== true) connection.close(close)
  }
}

function subscribe(node: NodeContext, order: Order<'subscribe'>): void {
  for (const connection of targets(node, order)) {
    if (connection.state !== 'established') continue
    const run = async (): Promise<void> =>
      subscribeByServer(node, connection, serverOrder(node, connection.user, order.channel, order.options))
    run().catch((error: unknown) =>
      node.events.emit('internalError', { where: 'api subscribe', error, client: connection }),
    )
  }
}

function refresh(node: NodeContext, connection: Connection, order: Order<'refresh'>): void {
  if (order.expired) {
    connection.close(CLOSE.expired)
    return
  }
  const result = refreshed(node, connection, order.expireAt === 0 ? undefined : order.expireAt)
  connection.push({ kind: 'refresh', expires: result.expires ?? false, ttl: result.ttl ?? 0 })
}

function answerSurvey(node: NodeContext, { id, from, pattern }: Order<'survey'>): void {
  const matches = globMatcher(pattern)
  const channels: Record<string, number> = {}
  for (const channel of node.hub.channels()) if (matches(channel.name)) channels[channel.name] = channel.count
  const reply: ControlMessage = {
    op: 'survey_reply',
    id,
    to: from,
    from: node.cluster.membership.uid,
    channels,
  }
  node.cluster.control
    .send(reply)
    .catch((error: unknown) => node.events.emit('internalError', { where: 'survey reply', error }))
}
