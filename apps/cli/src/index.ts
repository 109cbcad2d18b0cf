/** The command line as a library: for tests, which run commands without a process of their own. */
export { run } from './cli.ts'
export type { Command, Io } from './command.ts'
export { COMMANDS } from './commands/index.ts'
