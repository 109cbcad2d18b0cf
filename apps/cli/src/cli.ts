/** `skein …`: finds the command, runs it, and turns an error into one message and an exit code. */

import { type Command, Failure, flag, help, type Io, parseCall, UsageError } from './command.ts'
import { COMMANDS } from './commands/index.ts'
import { nearest } from './nearest.ts'

/** Resolves with the exit code: 0 success, 1 failure, 2 usage error. Never rejects with a {@link Failure}. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = args
  if (name === undefined || name === '--help' || name === '-h' || name === 'help')
    return overview(rest[0], io)
  try {
    const command = find(name)
    const call = parseCall(command, rest)
    if (!flag(call, 'help')) return await command.run(call, io)
    io.out(help(command))
    return 0
  } catch (error) {
    if (error instanceof UsageError) return printError(error, 2, io)
    if (error instanceof Failure) return printError(error, 1, io)
    throw error
  }
}

function find(name: string): Command {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (command !== undefined) return command
  const suggestion = nearest(name, Object.keys(COMMANDS))
  const hint = suggestion === undefined ? '' : ` Did you mean "${suggestion}"?`
  throw new UsageError(`there is no command "${name}".${hint}\n\n${list()}`)
}

function overview(name: string | undefined, io: Io): number {
  const command = name === undefined ? undefined : COMMANDS[name]
  io.out(command === undefined ? list() : help(command))
  return 0
}

function list(): string {
  const rows = Object.values(COMMANDS)
  const width = Math.max(...rows.map(({ name }) => name.length))
  const lines = rows.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`)
  return ['skein <command> [options]', '', ...lines, '', 'Details: skein <command> --help'].join('\n')
}

function printError(error: Error, code: number, io: Io): number {
  io.err(`skein: ${error.message}`)
  return code
}
