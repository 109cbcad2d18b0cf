/** How a server wants to be spoken to. One object per kind of server, shared by all connections. */

export interface Identity {
  readonly user: string
  /** Signed up front; '' where the server has no tokens, and once it was used: a million of them are 200 MB. */
  token: string
  /** '' for a connection that subscribes to nothing. */
  readonly channel: string
  /** Where to recover from; absent: nothing was missed. */
  readonly since?: { readonly epoch: string; readonly offset: number }
}

/** What a connection tells of itself; the dialect calls these. */
export interface Conversation {
  readonly identity: Identity
  send(bytes: Uint8Array): void
  /** All that was asked for is confirmed. */
  joined(): void
  /** A message with a stamp at `at` came. */
  delivered(bytes: Uint8Array, at: number): void
  /** The reply to the publish with this id came; `error`: it was refused. */
  acked(id: number, error: boolean): void
  /** The server refused what must not be refused. */
  refused(why: string): void
}

export interface Dialect {
  readonly path: string
  /** Of connections without a channel; absent: the same. */
  readonly publisherPath?: string
  readonly subprotocol: string
  /** After the upgrade: what the client says first. */
  greet(conversation: Conversation): void
  /** A text or binary frame in `bytes[from, end)`. */
  receive(conversation: Conversation, bytes: Uint8Array, from: number, end: number): void
  /** The frame that publishes `data` (JSON text). `id` comes back in `acked` where the server acknowledges. */
  publish(channel: string, id: number, data: string): Buffer
  /** One more channel; acknowledged as a publish is. */
  subscribe?(channel: string, id: number): Buffer
}
