/** The version in the reply to `connect`, in metrics and in `info`. */
import { readFileSync } from 'node:fs'

const file = readFileSync(new URL('../package.json', import.meta.url), 'utf8')

export const VERSION: string = (JSON.parse(file) as { version: string }).version
