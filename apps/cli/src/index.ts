/** The command line as a library, for tests that run commands in their own process. */
export { run } from './cli.ts'
export type { Command, Io } from './command.ts'
export { COMMANDS } from './commands/index.ts'
