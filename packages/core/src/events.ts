/**
 * Domain events of a node, for metrics, logs, chat and webhooks. Emitting is synchronous and cheap. A
 * listener that throws is reported as `listenerError` and affects no other listener.
 */
import type { Encoding, Envelope } from '@skein/protocol'
import type { ClientView } from './hooks.ts'

export interface DomainEvents {
  connectionOpened: { readonly client: ClientView; readonly encoding: Encoding; readonly sdk: string }
  connectionEstablished: { readonly client: ClientView; readonly sdk: string; readonly ms: number }
  connectionClosed: {
    readonly client: ClientView
    readonly code: number
    readonly reason: string
    readonly byServer: boolean
  }
  /** A frame without a command, or a command that violates the protocol. */
  badFrame: { readonly client: ClientView; readonly code: number; readonly reason: string }
  commandHandled: {
    readonly client: ClientView
    readonly verb: string
    readonly ms: number
    readonly error: number
  }
  subscribed: {
    readonly client: ClientView
    readonly channel: string
    readonly recovered: boolean | undefined
    readonly publications: number
  }
  unsubscribed: {
    readonly client: ClientView
    readonly channel: string
    readonly code: number
    readonly reason: string
  }
  published: {
    readonly channel: string
    readonly offset: number
    readonly envelope: Envelope
    readonly user: string | undefined
    readonly duplicate: boolean
  }
  /** The fan-out of one publication on this node. */
  delivered: { readonly channel: string; readonly subscribers: number; readonly bytes: number }
  /** A gap in a channel's offsets: `filled` from the stream, or subscriptions were `notified` of a loss. */
  gap: { readonly channel: string; readonly missing: number; readonly outcome: 'filled' | 'notified' }
  /** A publication at or below the channel's position was dropped. */
  duplicateDropped: { readonly channel: string; readonly offset: number }
  /** A publication beyond the end of the channel's stream was dropped: the store does not have it. */
  aheadDropped: { readonly channel: string; readonly offset: number }
  /**
   * A bounded queue was full. `pause`: the socket is not read until there is room; `close`: 3008; `notified`:
   * the subscriptions of the channel recover (2500); `reread`: the stream is read again; `abandon`: the
   * incarnation ends; `counts`: joins and leaves of a crowded channel are not pushed.
   */
  overflow: {
    readonly queue:
      | 'connect'
      | 'inbox'
      | 'outbox'
      | 'ephemeral'
      | 'channel'
      | 'recovery'
      | 'cleanup'
      | 'joinLeave'
    readonly policy: 'pause' | 'close' | 'drop' | 'conflate' | 'notified' | 'reread' | 'abandon' | 'counts'
    readonly client?: ClientView
    readonly channel?: string
  }
  /** Connections were closed so that their clients reconnect, by rebalancing or because of their age. */
  shed: { readonly reason: 'rebalance' | 'age'; readonly connections: number }
  /**
   * Of `shed` connections for other nodes, `returned` came back: the proxy does not place them on emptier
   * nodes.
   */
  rebalanceFutile: { readonly shed: number; readonly returned: number }
  busRestored: { readonly channels: number }
  internalError: { readonly where: string; readonly error: unknown; readonly client?: ClientView }
  listenerError: { readonly event: string; readonly error: unknown }
}

export type EventName = keyof DomainEvents
type Listener<N extends EventName> = (event: DomainEvents[N]) => void

export class Events {
  readonly #listeners: { [N in EventName]?: Listener<N>[] } = {}

  /** Calls `listener` for each such event. Returns the function that removes it. */
  on<N extends EventName>(name: N, listener: Listener<N>): () => void {
    const listeners = this.#of(name)
    listeners.push(listener)
    return () => {
      const at = listeners.indexOf(listener)
      if (at >= 0) listeners.splice(at, 1)
    }
  }

  emit<N extends EventName>(name: N, event: DomainEvents[N]): void {
    const listeners = this.#listeners[name]
    if (listeners === undefined) return
    for (const listener of listeners) {
      try {
        listener(event)
      } catch (error) {
        if (name !== 'listenerError') this.emit('listenerError', { event: name, error })
      }
    }
  }

  #of<N extends EventName>(name: N): Listener<N>[] {
    const existing = this.#listeners[name]
    if (existing !== undefined) return existing as Listener<N>[]
    const created: Listener<N>[] = []
    Object.assign(this.#listeners, { [name]: created })
    return created
  }
}
