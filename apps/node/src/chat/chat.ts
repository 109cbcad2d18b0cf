/** The chat layer of a node: its storage where the node's data is, its hooks around the application's. */
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
import type { Logger } from 'pino'
import type { Config } from '../config/config.ts'
import { onceInAWhile } from '../log/repeated.ts'
import { configuredWebhooks } from './webhooks.ts'

export interface ChatStart {
  readonly hooks?: Hooks
  /** Who hears integration events, beside the configured webhooks; the same on every node. */
  readonly listeners?: readonly Listener[]
  /** Who may send to everybody. Default: nobody. */
  readonly mayBroadcast?: (user: string) => boolean
  readonly observer?: ChatObserver
}

export interface RunningChat {
  readonly chat: Chat
  /** After the node: whose last connections still tell what they have to. */
  close(): Promise<void>
}

/** Of embedded clusters: nodes that share a memory share it for chat, too. */
const embedded = new WeakMap<Cluster, ChatStorage>()

/** The nodes of these clusters are one cluster, in one process. */
export function shareChatStorage(clusters: readonly Cluster[]): void {
  const storage = createMemoryChatStorage()
  for (const cluster of clusters) embedded.set(cluster, storage)
}

/** `undefined` where chat is switched off. Throws when the namespaces file has one of chat's. */
export function startChat(
  config: Config,
  cluster: Cluster,
  log: Logger,
  start: ChatStart,
): RunningChat | undefined {
  if (!config.chat) return undefined
  const { hooks, mayBroadcast, observer } = start
  const listeners = [...configuredWebhooks(config.webhookTargets), ...(start.listeners ?? [])]
  const shared = embedded.get(cluster)
  const storage = shared ?? ownStorage(config, log)
  const chat = createChat({
    storage,
    ...(hooks && { hooks }),
    listeners,
    ...(mayBroadcast && { mayBroadcast }),
    ...(observer && { observer }),
  })
  return { chat, close: () => (shared === undefined ? storage.close() : Promise.resolve()) }
}

function ownStorage(config: Config, log: Logger): ChatStorage {
  if (config.redisUrl === '') return createMemoryChatStorage()
  const again = onceInAWhile()
  return createRedisChatStorage({
    url: config.redisUrl,
    prefix: config.redisPrefix,
    name: `${config.nodeName}-chat`,
    onError: (error, where) =>
      log[again(where) ? 'warn' : 'debug']({ where, err: error }, "trouble with chat's Redis"),
  })
}
