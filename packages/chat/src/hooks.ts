/** Hooks for core. Channels and methods outside chat go to the hooks of the embedding application. */
import type { ClientView, ConnectDecision, ConnectEvent, Hooks, SubscribeDecision } from '@skein/core'
import { ReplyError } from '@skein/core'
import { ERROR, type Payload } from '@skein/protocol'
import { demandReader } from './conversation/access.ts'
import { parseConversation } from './conversation/conversation.ts'
import { ChatError } from './errors.ts'
import type { ChatParts } from './parts.ts'
import { watchedUser } from './people/watchers.ts'
import type { SendRequest, send } from './verbs/send.ts'

export const METHOD_PREFIX = 'chat.'

export function chatHooks(parts: ChatParts, app: Hooks): Hooks {
  return {
    ...app,
    onConnect: (event) => connect(parts, app, event),
    onConnected: async (client) => {
      parts.connections.connected(client)
      await app.onConnected?.(client)
    },
    onSubscribe: (client, event) =>
      isOurs(event.channel) ? subscribe(parts, client, event.channel) : app.onSubscribe?.(client, event),
    onPublish: (client, event) =>
      isOurs(event.channel)
        ? publish(parts, client, event.channel, event.data)
        : app.onPublish?.(client, event),
    onRpc: (client, method, data) => {
      if (method.startsWith(METHOD_PREFIX))
        return parts.rpc.call(parts.connections.caller(client), method, data)
      // As core replies without the hook.
      if (app.onRpc === undefined) throw new ReplyError(ERROR.notAvailable)
      return app.onRpc(client, method, data)
    },
    onDisconnect: async (client, code, reason) => {
      parts.connections.disconnected(client, code)
      await app.onDisconnect?.(client, code, reason)
    },
  }
}

function isOurs(channel: string): boolean {
  return channel.startsWith('chat:') || channel.startsWith('dm:') || channel.startsWith('people:')
}

async function connect(
  { connections }: ChatParts,
  app: Hooks,
  event: ConnectEvent,
): Promise<ConnectDecision | undefined> {
  const decision = await app.onConnect?.(event)
  connections.announce(event.client, decision?.credentials ?? event.credentials, event.data)
  return decision
}

async function subscribe(
  { chat, watchers, presence }: ChatParts,
  { user, client }: ClientView,
  channel: string,
): Promise<SubscribeDecision> {
  const watched = watchedUser(channel)
  if (watched !== undefined) {
    watchers.admit(client)
    return { allow: true, data: JSON.stringify(await presence.refresh(watched)) }
  }
  // Direct conversations are read by `chat.history`, and their messages arrive in the inbox.
  if (parseConversation(channel)?.kind === 'private') throw new ReplyError(ERROR.permissionDenied)
  await demandReader(chat, user, channel)
  return { allow: true }
}

/** `publish` into a room is `chat.send` without `to`. */
async function publish(
  parts: ChatParts,
  client: ClientView,
  channel: string,
  data: Payload,
): Promise<{ published: { offset: number; epoch: string } }> {
  const conversation = parseConversation(channel)
  if (conversation?.kind !== 'room') throw new ReplyError(ERROR.permissionDenied)
  const request = parseObject(data)
  const call = JSON.stringify({ ...request, to: { room: conversation.room } })
  const reply = await parts.rpc.call(parts.connections.caller(client), 'chat.send', call)
  const { offset, epoch } = JSON.parse(String(reply)) as Awaited<ReturnType<typeof send>>
  return { published: { offset, epoch } }
}

function parseObject(data: Payload): Partial<SendRequest> {
  try {
    const value: unknown = JSON.parse(typeof data === 'string' ? data : new TextDecoder().decode(data))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  } catch {
    throw new ChatError('bad_request', 'the message is not JSON: send an object as chat.send takes it')
  }
  throw new ChatError('bad_request', 'the message is not an object: send an object as chat.send takes it')
}
