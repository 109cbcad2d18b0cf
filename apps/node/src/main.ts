/** `node apps/node/src/main.ts`: one node, as the environment says. */
import { withMemorySettings } from './process/memory-settings.ts'

// biome-ignore lint/style/noProcessEnv: passed on as it is, for the configuration to read.
withMemorySettings(process, process.env)
// Behind the flags: what is loaded before them would be loaded twice.
await import('./run.ts')
