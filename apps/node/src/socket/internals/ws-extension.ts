/** Replaces an extension object of a WebSocket. See README.md in this folder. */
import type { WebSocket } from 'ws'

/** The methods of an extension that ws calls for received frames. */
export interface Extension {
  decompress(data: Uint8Array, isLast: boolean, callback: (error: Error | null, data?: Buffer) => void): void
  cleanup(): void
}

/** Returns false, and changes nothing, if the WebSocket has no such extension where it is expected. */
export function replaceExtension(ws: WebSocket, name: string, extension: Extension): boolean {
  // The receiver of ws has the same table.
  const { _extensions: extensions } = ws as { _extensions?: Record<string, unknown> }
  if (extensions?.[name] === undefined) return false
  extensions[name] = extension
  return true
}
