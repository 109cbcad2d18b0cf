import type { Events } from '../events.ts'
import type { ClientView } from '../hooks.ts'

/** Runs a hook that nobody waits for. A failure becomes an `internalError` event. */
export function runHook(events: Events, where: string, client: ClientView, hook: () => unknown): void {
  const run = async (): Promise<unknown> => hook()
  run().catch((error: unknown) => events.emit('internalError', { where, error, client }))
}
