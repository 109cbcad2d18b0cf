/**
 * Application hooks: typed, awaited functions by which an embedding application decides. Each may throw `ReplyError`
 * (the command is answered with that error) or `CloseError` (the connection ends); any other throw is answered with
 * error 100 and reported as an `internalError` event. A hook that is absent allows what the namespaces allow.
 */
import type { Payload, StreamPosition } from '@skein/protocol'
import type { ServerSubscription } from './ports.ts'
import type { Credentials, NetworkContext } from './socket.ts'

/** A connection as hooks see it. */
export interface ClientView {
  readonly client: string
  readonly user: string
  readonly network: NetworkContext | undefined
  readonly credentials: Credentials | undefined
}

export interface ConnectEvent {
  readonly client: string
  readonly network: NetworkContext
  /** What the token or the handshake said; `undefined`: an anonymous client. */
  readonly credentials: Credentials | undefined
  readonly data: Payload | undefined
  /** The SDK's own name and version; chosen by the client, so not to be trusted. */
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
  /** True when a valid subscription token came with the command. */
  readonly tokenVerified: boolean
}

export interface SubscribeDecision {
  /** True: allowed whatever the namespace says. */
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
  /** True: allowed whatever the namespace says. */
  readonly allow?: boolean
  readonly data?: Payload
  readonly tags?: Readonly<Record<string, string>>
  readonly idempotencyKey?: string
  /** The hook has published by itself; the client is answered as if the node had. */
  readonly published?: StreamPosition
}

type Awaitable<T> = T | Promise<T>

export interface Hooks {
  onConnect?(event: ConnectEvent): Awaitable<ConnectDecision | undefined>
  /** The connect reply is on its way; server-side work for a new connection goes here. */
  onConnected?(client: ClientView): Awaitable<void>
  onSubscribe?(client: ClientView, event: SubscribeEvent): Awaitable<SubscribeDecision | undefined>
  /** While a promise of it is pending, the connection's next publish is not begun; `undefined` at once holds nothing up. */
  onPublish?(client: ClientView, event: PublishEvent): Awaitable<PublishDecision | undefined>
  /** Absent: rpc is answered with 108. Throw `ReplyError(ERROR.methodNotFound)` for unknown methods. */
  onRpc?(client: ClientView, method: string, data: Payload | undefined): Awaitable<Payload | undefined>
  /** Absent: `send` closes the connection with 3508. */
  onMessage?(client: ClientView, data: Payload): Awaitable<void>
  /** A token presented by `refresh` was verified. */
  onRefresh?(client: ClientView, credentials: Credentials): Awaitable<void>
  onUnsubscribe?(client: ClientView, channel: string): Awaitable<void>
  onDisconnect?(client: ClientView, code: number, reason: string): Awaitable<void>
}

/** Verifies tokens; `apps/node` has it over JWT. Throws `ReplyError` (109, 103) or `CloseError` (3500). */
export interface TokenVerifier {
  connection(token: string): Awaitable<Credentials>
  subscription(token: string, channel: string, user: string): Awaitable<SubscriptionGrant>
}

/** What a subscription token grants. `expireAt` in Unix seconds. */
export interface SubscriptionGrant {
  readonly info?: string
  readonly expireAt?: number
  readonly override?: ServerSubscription['override']
}
