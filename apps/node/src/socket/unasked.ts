/**
 * A TCP socket delivers until it is told to stop. Node's stream asks it for more all the same, by a tick of its own behind each chunk,
 * unless it is taken for being at it already, which Node says of its HTTP messages, too (`readingMore`, lib/_http_incoming.js). Pausing
 * and resuming ask by themselves.
 */
import type { Socket } from 'node:net'

export function readUnasked(socket: Socket): void {
  const { _readableState: state } = socket as { _readableState?: { readingMore?: boolean } }
  // Not public API. Where it does not look as known, the stream asks as ever.
  if (state?.readingMore !== undefined) state.readingMore = true
}
