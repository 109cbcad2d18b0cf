/** The protocol of a server. One object per kind of server, shared by all connections. */

export interface Identity {
  readonly user: string
  /** Signed in advance; '' for servers without tokens, and after its use: a million of them are 200 MB. */
  token: string
  /** '' for a connection that subscribes to nothing. */
  readonly channel: string
  /** The position to recover from; absent: no recovery. */
  readonly since?: { readonly epoch: string; readonly offset: number }
}

/** Events of a connection; the dialect calls these. */
export interface Conversation {
  readonly identity: Identity
  send(bytes: Uint8Array): void
  /** Every request is confirmed. */
  joined(): void
  /** A message with a stamp at `at` arrived. */
  delivered(bytes: Uint8Array, at: number): void
  /** The reply to the publish with this id arrived; `error`: it was rejected. */
  acked(id: number, error: boolean): void
  /** The server rejected a request that must succeed. */
  refused(why: string): void
}

export interface Dialect {
  readonly path: string
  /** For connections without a channel; absent: the same path. */
  readonly publisherPath?: string
  readonly subprotocol: string
  /** The first messages of the client after the upgrade. */
  greet(conversation: Conversation): void
  /** A text or binary frame in `bytes[from, end)`. */
  receive(conversation: Conversation, bytes: Uint8Array, from: number, end: number): void
  /**
   * The frame that publishes `data` (JSON text). `id` comes back in `acked` where the server acknowledges.
   */
  publish(channel: string, id: number, data: string): Buffer
  /** One more channel; acknowledged as a publish is. */
  subscribe?(channel: string, id: number): Buffer
}
