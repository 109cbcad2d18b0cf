/**
 * Passes a command to its handler and the answer to the client. The one place that catches the error of a
 * command.
 */
import {
  because,
  CLOSE,
  type Command,
  ERROR,
  type ErrorCode,
  type Reply,
  type ReplyVerb,
} from '@skein/protocol'
import type { Connection } from '../connection/connection.ts'
import { CloseError, ReplyError } from '../errors.ts'
import { Unavailable } from '../ports.ts'
import { Abandoned } from '../subscription/subscribe.ts'
import { unreachable } from '../util/unreachable.ts'
import type { Answer } from './answer.ts'
import { handleConnect } from './connect.ts'
import type { HandlerContext } from './context.ts'
import { handleHistory } from './history.ts'
import { handlePresence } from './presence.ts'
import { handlePresenceStats } from './presence-stats.ts'
import { handlePublish } from './publish.ts'
import { handleRefresh } from './refresh.ts'
import { handleRpc } from './rpc.ts'
import { handleSend } from './send.ts'
import { handleSubRefresh } from './sub-refresh.ts'
import { handleSubscribe } from './subscribe.ts'
import { handleUnsubscribe } from './unsubscribe.ts'

type AnyAnswer = { [V in ReplyVerb]: Answer<V> }[ReplyVerb]

/**
 * Handles one command. `more`: others wait behind it, so its reply may share their write. `before`: settles
 * when the command before it is answered, which must be first. Never rejects.
 */
export async function dispatch(
  node: HandlerContext,
  connection: Connection,
  command: Command,
  more: boolean,
  before?: Promise<void>,
): Promise<void> {
  const started = node.clock.monotonic()
  let error = 0
  try {
    permit(connection, command)
    const handled = handle(node, connection, command)
    const given = handled instanceof Promise ? await handled : handled
    if (before !== undefined) await before
    if (given !== undefined) answer(connection, command, given, more)
  } catch (thrown) {
    await before
    error = answerError(node, connection, command, thrown, more)
  }
  if (command.verb === 'pong') return
  node.events.emit('commandHandled', {
    client: connection,
    verb: command.verb,
    ms: node.clock.monotonic() - started,
    error,
  })
}

/**
 * An id is used once; `connect` comes first and once (Centrifuge, `client.go`, dispatchCommand). After the
 * expiry of the token only `refresh` is accepted.
 */
function permit(connection: Connection, command: Command): void {
  if (command.id > 0 && connection.ids.repeated(command.id)) throw refusal(`id ${command.id} was used before`)
  if (command.verb === 'connect') {
    if (connection.state !== 'connecting' || connection.refused) throw refusal('connect was sent twice')
  } else if (connection.state !== 'established') {
    throw refusal(`${command.verb} before connect`)
  } else if (command.verb !== 'refresh' && connection.expired) {
    throw new ReplyError(ERROR.tokenExpired)
  }
}

function refusal(detail: string): CloseError {
  return new CloseError(because(CLOSE.badRequest, detail))
}

/**
 * `undefined` for a command without a reply. Not async, which would wrap the promise of the handler in
 * another one.
 */
function handle(
  node: HandlerContext,
  connection: Connection,
  command: Command,
): AnyAnswer | undefined | Promise<AnyAnswer | undefined> {
  switch (command.verb) {
    case 'connect':
      return handleConnect(node, connection, command.request)
    case 'subscribe':
      return handleSubscribe(node, connection, command.request)
    case 'unsubscribe':
      return handleUnsubscribe(connection, command.request)
    case 'publish':
      return handlePublish(node, connection, command.request)
    case 'presence':
      return handlePresence(node, connection, command.request)
    case 'presence_stats':
      return handlePresenceStats(node, connection, command.request)
    case 'history':
      return handleHistory(node, connection, command.request)
    case 'rpc':
      return handleRpc(node, connection, command.request)
    case 'refresh':
      return handleRefresh(node, connection, command.request)
    case 'sub_refresh':
      return handleSubRefresh(node, connection, command.request)
    case 'send':
      return handleSend(node, connection, command.request)
    case 'ping':
      throw new ReplyError(ERROR.notAvailable, 'only the server pings')
    case 'pong':
      return
    default:
      return unreachable(command)
  }
}

function answer(
  connection: Connection,
  { id, verb }: Command,
  { result, afterwards }: AnyAnswer,
  more: boolean,
): void {
  if (!connection.open) return
  connection.reply({ id, verb, result } as Reply, more)
  afterwards?.()
}

/** Returns the code for the metrics; 0 if the connection has ended. */
function answerError(
  node: HandlerContext,
  connection: Connection,
  command: Command,
  thrown: unknown,
  more: boolean,
): number {
  if (thrown instanceof Abandoned || !connection.open) return 0
  if (thrown instanceof CloseError) {
    connection.refuse(thrown.close)
    return thrown.close.code
  }
  const error = wireError(node, connection, command, thrown)
  if (command.verb !== 'send')
    connection.reply({ id: command.verb === 'pong' ? 0 : command.id, verb: 'error', error }, more)
  if (command.verb === 'connect') connection.rejectConnect()
  return error.code
}

function wireError(
  node: HandlerContext,
  connection: Connection,
  command: Command,
  thrown: unknown,
): ErrorCode {
  if (thrown instanceof ReplyError) return thrown.wire
  node.events.emit('internalError', { where: command.verb, error: thrown, client: connection })
  if (thrown instanceof Unavailable)
    return { ...ERROR.internal, message: 'temporarily unavailable, try again' }
  return ERROR.internal
}
