/**
 * connecting: nothing was received · authenticating: `connect` is being handled · authenticated: the
 * credentials are known and the session is being written · established: `connect` was answered · closing: a
 * close frame was sent · closed: the socket is gone.
 */
export type ConnectionState =
  | 'connecting'
  | 'authenticating'
  | 'authenticated'
  | 'established'
  | 'closing'
  | 'closed'
