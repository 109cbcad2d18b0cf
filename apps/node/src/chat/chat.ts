/** The chat layer of a node: its storage in Redis or in memory, its hooks around those of the application. */
import {
  type Chat,
  type ChatObserver,
  type ChatStorage,
  createChat,
  createMemoryChatStorage,
  type Listener,
} from '@skein/chat'
import type { Cluster, Hooks } from '@skein/core'
import { createRedisChatStorage } from '@skein/redis'
import type { Config } from '../config/config.ts'
import type { OutageLog } from '../log/outage.ts'
import { configuredWebhooks } from './webhooks.ts'

export interface ChatStart {
  readonly hooks?: Hooks
  /** Listeners of integration events, besides the configured webhooks; the same on every node. */
  readonly listeners?: readonly Listener[]
  /** Users that may send to all users. Default: none. */
  readonly mayBroadcast?: (user: string) => boolean
  readonly observer?: ChatObserver
}

export interface RunningChat {
  readonly chat: Chat
  /** Call it after `node.close()`: the last connections still report their end. */
  close(): Promise<void>
}

/** Storage of embedded clusters: nodes that share a memory share their chat storage. */
const embedded = new WeakMap<Cluster, ChatStorage>()

/** For the clusters of one process that form one cluster. */
export function shareChatStorage(clusters: readonly Cluster[]): void {
  const storage = createMemoryChatStorage()
  for (const cluster of clusters) embedded.set(cluster, storage)
}

/** `undefined` if chat is disabled. Throws if the namespaces file contains a namespace of chat. */
export function startChat(
  config: Config,
  cluster: Cluster,
  outage: OutageLog,
  start: ChatStart,
): RunningChat | undefined {
  if (!config.chat) return undefined
  const { hooks, mayBroadcast, observer } = start
  const listeners = [...configuredWebhooks(config.webhookTargets), ...(start.listeners ?? [])]
  const shared = embedded.get(cluster)
  const storage = shared ?? ownStorage(config, outage)
  const chat = createChat({
    storage,
    ...(hooks && { hooks }),
    listeners,
    ...(mayBroadcast && { mayBroadcast }),
    ...(observer && { observer }),
  })
  return { chat, close: () => (shared === undefined ? storage.close() : Promise.resolve()) }
}

function ownStorage(config: Config, outage: OutageLog): ChatStorage {
  if (config.redisUrl === '') return createMemoryChatStorage()
  return createRedisChatStorage({
    url: config.redisUrl,
    prefix: config.redisPrefix,
    name: `${config.nodeName}-chat`,
    onError: (error, where) => outage.onRedisError(error, where),
  })
}
