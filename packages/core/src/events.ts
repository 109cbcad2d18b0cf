/**
 * Domain events: what happened on this node, for listeners that react to it (metrics, logs, chat, webhooks) and must not
 * slow or break the path that tells them. Emitting is synchronous and cheap; a listener that throws is reported once per
 * event as `listenerError` and disturbs nobody else.
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
  /** A frame that was no command, or a command that broke the rules. */
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
  /** One fan-out of one publication on this node. `lagMs`: from the publisher's clock to here, when it is known. */
  delivered: { readonly channel: string; readonly subscribers: number; readonly bytes: number }
  /** A hole in a channel's offsets was seen; `filled` publications came from the stream, or subscribers were told. */
  gap: { readonly channel: string; readonly missing: number; readonly outcome: 'filled' | 'told' }
  /** A publication at or below the channel's position: dropped. */
  duplicateDropped: { readonly channel: string; readonly offset: number }
  /**
   * A queue with a bound was full. `pause`: the socket is not read until there is room; `close`: 3008; `told`: the channel's
   * subscribers recover (2500); `reread`: the stream is read again; `abandon`: the incarnation ends; `counts`:
   * join and leave of a crowded channel are not told until it has fewer users.
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
    readonly policy: 'pause' | 'close' | 'drop' | 'conflate' | 'told' | 'reread' | 'abandon' | 'counts'
    readonly client?: ClientView
    readonly channel?: string
  }
  /** Connections were asked to come back, to another node (`rebalance`) or because of their age. */
  shed: { readonly reason: 'rebalance' | 'age'; readonly connections: number }
  /** Of `shed` connections that should have gone to other nodes, `returned` came back here: whoever places them is not told. */
  rebalanceFutile: { readonly shed: number; readonly returned: number }
  busRestored: { readonly channels: number }
  internalError: { readonly where: string; readonly error: unknown; readonly client?: ClientView }
  listenerError: { readonly event: string; readonly error: unknown }
}

export type EventName = keyof DomainEvents
type Listener<N extends EventName> = (event: DomainEvents[N]) => void

export class Events {
  readonly #listeners: { [N in EventName]?: Listener<N>[] } = {}

  /** Calls `listener` at each such event. Returns the way to stop it. */
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
