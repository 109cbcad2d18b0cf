/** Settings that the browser tests share. */
import { randomUUID } from 'node:crypto'

/** Settings of nodes that serve the app. */
export const DEMO = { SKEIN_ENV: 'development', SKEIN_DEMO: 'true' } as const

/** A new name, which belongs to a user without conversations. */
export const fresh = (name: string): string => `${name} ${randomUUID().slice(0, 8)}`
