import { reconnects } from '@skein/protocol'

/** Whether the client may reconnect: it did not leave by itself, and the close code allows it. */
export function mayReturn(code: number): boolean {
  // 1005: a close frame without a code. `WebSocket.close()` sends it, and so does every SDK that disconnects.
  return code !== 1000 && code !== 1005 && reconnects(code)
}
