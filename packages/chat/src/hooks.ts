/** What core asks chat, and through chat the embedding application, whose hooks stand behind it. */
import type { ClientView, ConnectDecision, ConnectEvent, Hooks, SubscribeDecision } from '@skein/core'
import { ReplyError } from '@skein/core'
import { ERROR, type Payload } from '@skein/protocol'
import { demandReader } from './access.ts'
import type { Caller } from './context.ts'
import { EVERYONE, parseConversation } from './conversation.ts'
import { ChatError } from './errors.ts'
import { cleanName, demandUserId } from './names.ts'
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
      if (method.startsWith(METHOD_PREFIX)) return parts.rpc.call(callerOf(parts, client), method, data)
      if (app.onRpc === undefined) throw new ReplyError(ERROR.methodNotFound)
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

function callerOf(parts: ChatParts, { user, client }: ClientView): Caller {
  return { user, client, device: parts.connections.deviceOf(client) }
}

/** Throws `bad_name` for a user or a display name that would deceive others. */
async function connect(parts: ChatParts, app: Hooks, event: ConnectEvent): Promise<ConnectDecision> {
  const decision = await app.onConnect?.(event)
  const credentials = decision?.credentials ?? event.credentials
  // Strangers get their id, which is a good one, from core.
  if (credentials !== undefined) demandUserId(credentials.user)
  const name = nameIn(credentials?.info)
  parts.connections.announce(event.client, event.data, name === undefined ? undefined : cleanName(name))
  return { ...decision, channels: { ...decision?.channels, [EVERYONE]: { override: { presence: false } } } }
}

function nameIn(info: string | undefined): string | undefined {
  if (info === undefined) return undefined
  const value: unknown = JSON.parse(info)
  if (typeof value !== 'object' || value === null || !('name' in value)) return undefined
  return typeof value.name === 'string' ? value.name : undefined
}

async function subscribe(
  { chat, watchers, presence }: ChatParts,
  { user, client }: ClientView,
  channel: string,
): Promise<SubscribeDecision> {
  const watched = watchedUser(channel)
  if (watched !== undefined) {
    watchers.admit(client)
    return { allow: true, data: JSON.stringify(await presence.look(watched)) }
  }
  // Logs of two are read by `chat.history` and heard in the inbox.
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
  const reply = await parts.rpc.call(callerOf(parts, client), 'chat.send', call)
  const { offset, epoch } = JSON.parse(String(reply)) as Awaited<ReturnType<typeof send>>
  return { published: { offset, epoch } }
}

function parseObject(data: Payload): Partial<SendRequest> {
  try {
    const value: unknown = JSON.parse(typeof data === 'string' ? data : new TextDecoder().decode(data))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  } catch {
    throw new ChatError('bad_request', 'the message is not JSON')
  }
  throw new ChatError('bad_request', 'the message is not an object')
}
