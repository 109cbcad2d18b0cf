/** `node apps/node/src/main.ts`: one node, as the environment says. */
import { withV8Flags } from './v8-flags.ts'

// biome-ignore lint/style/noProcessEnv: passed on as it is, for the configuration to read.
withV8Flags(process, process.env)
// Behind the flags: what is loaded before them would be loaded twice.
await import('./run.ts')
