/** Removes the listeners of an emitter together with their table. See README.md in this folder. */
import type { EventEmitter } from 'node:events'

/** Emitters without a table work as usual: Node creates one for the next listener. */
export function dropListeners(emitter: EventEmitter): void {
  // The public way leaves an empty table.
  emitter.removeAllListeners()
  const internals = emitter as { _events?: object | undefined }
  if (typeof internals._events === 'object') internals._events = undefined
}
