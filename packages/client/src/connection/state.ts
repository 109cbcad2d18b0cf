/** The connection as people should see it. */
export type ConnectionState =
  /** Not connected, and nothing tries. */
  | { readonly state: 'off' }
  /** The first connection is being made. */
  | { readonly state: 'connecting'; readonly since: number }
  /** A connection was lost; the SDK tries again, more and more slowly. */
  | { readonly state: 'reconnecting'; readonly since: number }
  /** Connected, and what was missed is being fetched. */
  | { readonly state: 'catching-up'; readonly since: number }
  | { readonly state: 'online'; readonly since: number }
  /** The server ended it for good: signed out, token refused. */
  | { readonly state: 'ended'; readonly code: number; readonly reason: string }
