/** `node apps/node/src/main.ts`: one node, configured by the environment. */
import { withMemorySettings } from './process/memory-settings.ts'

// biome-ignore lint/style/noProcessEnv: passed on unchanged.
withMemorySettings(process, process.env)
// After the flags are set: a module that is imported before them would load twice.
await import('./run.ts')
