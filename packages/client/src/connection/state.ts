/** The connection's state, to be shown to people. */
export type ConnectionState =
  /** Disconnected, without attempts. */
  | { readonly state: 'off' }
  /** The first attempt is in progress. */
  | { readonly state: 'connecting'; readonly since: number }
  /** The connection was lost; the SDK retries with back-off. */
  | { readonly state: 'reconnecting'; readonly since: number }
  /** Connected; missed events are being recovered. */
  | { readonly state: 'catching-up'; readonly since: number }
  | { readonly state: 'online'; readonly since: number }
  /** Ended permanently by the server: signed out, or the token was rejected. */
  | { readonly state: 'ended'; readonly code: number; readonly reason: string }
