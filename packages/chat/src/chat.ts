/**
 * Chat on one node. Create it before the node, which takes its hooks, and attach it to the node afterwards.
 */
import { type ChannelsConfig, type Clock, type Hooks, type SkeinNode, systemClock } from '@skein/core'
import { type ChatContext, report } from './context.ts'
import { EVERYONE, parseConversation, roomChannel } from './conversation/conversation.ts'
import { viewConversation } from './conversation/view.ts'
import { ChatError } from './errors.ts'
import { chatHooks } from './hooks.ts'
import { timeIds } from './ids.ts'
import { CHAT_LIMITS, type ChatLimits } from './limits.ts'
import { type KeptLetter, listDeadLetters, replayDeadLetter } from './listeners/dead-letters.ts'
import { Delivery, type ListenerState } from './listeners/delivery.ts'
import type { Listener } from './listeners/listener.ts'
import { CHAT_LOG, chatChannels, type LogOptions } from './namespaces.ts'
import { type ChatObserver, NO_OBSERVER } from './observer.ts'
import type { ChatParts } from './parts.ts'
import { Connections } from './people/connections.ts'
import { listSessions, type SessionView } from './people/devices.ts'
import { Presence } from './people/presence.ts'
import { Watchers, watchedUser } from './people/watchers.ts'
import type { ChatStorage } from './ports.ts'
import { Rpc } from './rpc/rpc.ts'
import type { ConversationView } from './schema.ts'
import { TaskRunner } from './tasks/runner.ts'
import { writeSystem } from './tasks/system.ts'
import { cleanBody } from './text/body.ts'
import { CONVERSATIONS } from './verbs/conversations.ts'
import { verbs } from './verbs/index.ts'
import { type SendReply, type SendRequest, send } from './verbs/send.ts'

export interface ChatOptions {
  readonly storage: ChatStorage
  /** Hooks of the embedding application, called for all channels and methods outside chat. */
  readonly hooks?: Hooks
  readonly limits?: Partial<ChatLimits>
  /** How long conversations are kept; the same on every node. */
  readonly log?: Partial<LogOptions>
  /** Receivers of integration events; the same on every node. */
  readonly listeners?: readonly Listener[]
  /** Whether a user may send to everybody. Default: no user may; {@link Chat.announce} always can. */
  readonly mayBroadcast?: (user: string) => boolean
  /** Receives every event that metrics count. */
  readonly observer?: ChatObserver
  readonly clock?: Clock
  /** Uniform in [0, 1). */
  readonly random?: () => number
}

export interface Chat {
  /** For `createNode`. */
  readonly hooks: Hooks
  /** `config` with the namespaces that chat needs, for `createNode`. */
  channels(config: ChannelsConfig): ChannelsConfig
  /** To be called once, before the node starts. Throws an `Error` on a second call. */
  attach(node: SkeinNode): void
  /** Sends as `user`, with the checks of a client's call. */
  send(user: string, request: SendRequest): Promise<SendReply>
  /** Sends a system message to a room, or to everybody. A repetition with the same `id` has no effect. */
  announce(to: { room: string } | 'everyone', body: string, id?: string): Promise<void>
  conversations(
    user: string,
    page?: { limit?: number; cursor?: string },
  ): Promise<{ conversations: readonly ConversationView[]; cursor?: string }>
  conversation(user: string, id: string): Promise<ConversationView>
  /** Connections of the user, with the devices that they named. */
  sessions(user: string): Promise<readonly SessionView[]>
  deadLetters(call?: {
    readonly limit?: number
    readonly cursor?: string
    readonly user?: string
  }): Promise<{ readonly letters: readonly KeptLetter[]; readonly cursor?: string }>
  /** False when the letter does not exist. */
  replay(id: string): Promise<boolean>
  /** State of this node's listeners. Rejects while the storage cannot be reached. */
  listeners(): Promise<readonly ListenerState[]>
  /** Runs due tasks and deliveries now, without waiting for the next interval. */
  settle(): Promise<void>
  /** To be called before the node closes. Does not close the storage. */
  close(): Promise<void>
}

export function createChat(options: ChatOptions): Chat {
  const state: { node?: SkeinNode } = {}
  const chat = createContext(options, state)
  const parts = createParts(chat)
  const tasks = new TaskRunner(chat)
  const delivery = new Delivery(chat)
  return {
    hooks: chatHooks(parts, options.hooks ?? {}),
    channels: (config) => chatChannels(config, { size: chat.logSize, ttl: chat.logTtl }),
    attach: (node) => {
      if (state.node !== undefined)
        throw new Error('chat is already attached to a node: create one chat per node')
      state.node = node
      listen(parts, node)
      tasks.start()
      parts.watchers.start()
      delivery.start()
    },
    ...service(chat),
    listeners: () => delivery.states(),
    settle: async () => {
      await tasks.run()
      await delivery.run()
    },
    close: async () => {
      parts.presence.stop()
      parts.watchers.stop()
      await Promise.all([tasks.close(), delivery.close()])
    },
  }
}

function createContext(options: ChatOptions, state: { readonly node?: SkeinNode }): ChatContext {
  const clock = options.clock ?? systemClock
  const random = options.random ?? Math.random
  return {
    get node() {
      if (state.node === undefined) throw new Error('chat is not attached to a node: call attach first')
      return state.node
    },
    storage: options.storage,
    limits: { ...CHAT_LIMITS, ...options.limits },
    clock,
    random,
    newId: timeIds(() => clock.now(), random),
    logTtl: options.log?.ttl ?? CHAT_LOG.ttl,
    logSize: options.log?.size ?? CHAT_LOG.size,
    listeners: options.listeners ?? [],
    mayBroadcast: options.mayBroadcast ?? (() => false),
    observer: options.observer ?? NO_OBSERVER,
  }
}

function createParts(chat: ChatContext): ChatParts {
  const presence = new Presence(chat)
  return {
    chat,
    presence,
    rpc: new Rpc(chat, verbs(presence)),
    watchers: new Watchers(chat, presence),
    connections: new Connections(chat, presence),
  }
}

function listen({ chat, watchers, rpc, connections }: ChatParts, node: SkeinNode): void {
  node.events.on('subscribed', ({ client, channel }) => {
    const watched = watchedUser(channel)
    if (watched !== undefined) watchers.add(client.client, watched)
    else if (parseConversation(channel)?.kind === 'room') {
      recheck(chat, client.user, channel).catch((error: unknown) => report(chat, 'membership check', error))
    }
  })
  node.events.on('unsubscribed', ({ client, channel }) => {
    const watched = watchedUser(channel)
    if (watched !== undefined) watchers.remove(client.client, watched)
  })
  node.events.on('connectionClosed', ({ client }) => {
    rpc.forget(client.client)
    connections.forget(client.client)
  })
}

/** Ends a subscription whose user was removed from the room while it was being set up. */
async function recheck(chat: ChatContext, user: string, channel: string): Promise<void> {
  const conversation = parseConversation(channel)
  if (conversation?.kind !== 'room') return
  const standing = await chat.storage.rooms.standing(conversation.room, user)
  if (standing?.role === undefined) await chat.node.unsubscribe({ user }, channel)
}

function service(
  chat: ChatContext,
): Pick<
  Chat,
  'send' | 'announce' | 'conversations' | 'conversation' | 'sessions' | 'deadLetters' | 'replay'
> {
  const as = (user: string) => ({ user, client: '', device: '' })
  return {
    send: (user, request) => send(chat, as(user), request),
    announce: (to, body, id) => announce(chat, to, body, id),
    conversations: (user, page = {}) => CONVERSATIONS.handle(chat, as(user), page),
    conversation: (user, id) => viewConversation(chat, user, id),
    sessions: (user) => listSessions(chat, user),
    deadLetters: (call) => listDeadLetters(chat, call),
    replay: (id) => replayDeadLetter(chat, id),
  }
}

async function announce(
  chat: ChatContext,
  to: { room: string } | 'everyone',
  text: string,
  id = chat.newId(),
): Promise<void> {
  const body = cleanBody(text, chat.limits)
  const at = chat.clock.now()
  if (to === 'everyone') return writeSystem(chat, EVERYONE, '*', id, at, { kind: 'announcement' }, body)
  const [room] = await chat.storage.rooms.get([to.room])
  if (room === undefined) throw new ChatError('unknown_room')
  return writeSystem(chat, roomChannel(to.room), to.room, id, at, { kind: 'announcement' }, body)
}
