/**
 * Application hooks: typed, awaited functions with which an application decides. A hook may throw
 * `ReplyError`, the reply to the command, or `CloseError`, which closes the connection. Any other error is
 * answered with 100 and reported as an `internalError` event. Without a hook the namespaces decide.
 */
import type { Payload, StreamPosition } from '@skein/protocol'
import type { ServerSubscription } from './ports.ts'
import type { Credentials, NetworkContext } from './socket.ts'

/** A connection, as hooks and events see it. */
export interface ClientView {
  readonly client: string
  readonly user: string
  readonly network: NetworkContext | undefined
  readonly credentials: Credentials | undefined
}

export interface ConnectEvent {
  readonly client: string
  readonly network: NetworkContext
  /** The credentials of the token or the handshake; `undefined`: an anonymous client. */
  readonly credentials: Credentials | undefined
  readonly data: Payload | undefined
  /** Name and version that the SDK reports. The client chooses them: do not trust them. */
  readonly name: string
  readonly version: string
}

export interface ConnectDecision {
  /** Replaces the token's credentials. */
  readonly credentials?: Credentials
  readonly data?: Payload
  readonly channels?: Readonly<Record<string, ServerSubscription>>
}

export interface SubscribeEvent {
  readonly channel: string
  readonly data: Payload | undefined
  /** True if the command has a valid subscription token. */
  readonly tokenVerified: boolean
}

export interface SubscribeDecision {
  /** True: permitted regardless of the namespace. */
  readonly allow?: boolean
  readonly info?: string
  readonly data?: Payload
  /** Unix seconds. */
  readonly expireAt?: number
}

export interface PublishEvent {
  readonly channel: string
  readonly data: Payload
}

export interface PublishDecision {
  /** True: permitted regardless of the namespace. */
  readonly allow?: boolean
  readonly data?: Payload
  readonly tags?: Readonly<Record<string, string>>
  readonly idempotencyKey?: string
  /** The hook has published by itself. The client is answered as if the node had. */
  readonly published?: StreamPosition
}

type Awaitable<T> = T | Promise<T>

export interface Hooks {
  onConnect?(event: ConnectEvent): Awaitable<ConnectDecision | undefined>
  /** Called after the connect reply, for server-side work on a new connection. */
  onConnected?(client: ClientView): Awaitable<void>
  onSubscribe?(client: ClientView, event: SubscribeEvent): Awaitable<SubscribeDecision | undefined>
  /**
   * While its promise is pending, no other command of the connection begins. A synchronous result delays
   * nothing.
   */
  onPublish?(client: ClientView, event: PublishEvent): Awaitable<PublishDecision | undefined>
  /** Absent: rpc is answered with 108. Throw `ReplyError(ERROR.methodNotFound)` for an unknown method. */
  onRpc?(client: ClientView, method: string, data: Payload | undefined): Awaitable<Payload | undefined>
  /** Absent: `send` closes the connection with 3508. */
  onMessage?(client: ClientView, data: Payload): Awaitable<void>
  /** Called with the verified token of a `refresh`. */
  onRefresh?(client: ClientView, credentials: Credentials): Awaitable<void>
  onUnsubscribe?(client: ClientView, channel: string): Awaitable<void>
  onDisconnect?(client: ClientView, code: number, reason: string): Awaitable<void>
}

/**
 * Verifies tokens; `apps/node` implements it for JWT. Throws `ReplyError` (109, 103) or `CloseError` (3500).
 */
export interface TokenVerifier {
  connection(token: string): Awaitable<Credentials>
  subscription(token: string, channel: string, user: string): Awaitable<SubscriptionGrant>
}

/** The grant of a subscription token. `expireAt` in Unix seconds. */
export interface SubscriptionGrant {
  readonly info?: string
  readonly expireAt?: number
  readonly override?: ServerSubscription['override']
}
