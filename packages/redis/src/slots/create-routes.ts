/** Chooses the routes for the kind of the URL. */
import { OneServer } from '../server/one-server.ts'
import type { Settings } from '../server/settings.ts'
import { Slots } from './slots.ts'

export function createRoutes(settings: Settings): OneServer | Slots {
  return settings.url.kind === 'cluster' ? new Slots(settings) : new OneServer(settings)
}
