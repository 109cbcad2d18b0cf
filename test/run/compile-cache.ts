/**
 * Where Node keeps compiled modules (`NODE_COMPILE_CACHE`) of what tests and benches start again and again.
 */
import { fileURLToPath } from 'node:url'

export const COMPILE_CACHE = fileURLToPath(new URL('../../node_modules/.cache/compiled', import.meta.url))
