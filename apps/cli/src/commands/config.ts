/** `skein config --print`: the configuration of a node in this environment, with the origin of each value. */
import { ConfigError, parseConfig, printConfig } from '@skein/node'
import { type Command, type Env, Failure, flag, UsageError } from '../command.ts'

export const config: Command = {
  name: 'config',
  words: '--print',
  summary: 'Prints the effective configuration of this environment, secrets hidden.',
  options: { print: { type: 'boolean', text: 'Print the configuration. Required.' } },
  notes: [
    'Reads SKEIN_* and the file that SKEIN_CONFIG names, as a node does. Reports every problem and fails if a node',
    'would not start. Each line names the origin of its value: environment or default.',
  ].join('\n'),
  async run(call, { env, out }) {
    if (!flag(call, 'print')) throw new UsageError('config requires --print: skein config --print')
    try {
      out(withOrigins(printConfig(parseConfig({ env })), env))
      return 0
    } catch (error) {
      if (error instanceof ConfigError) throw new Failure(error.message)
      throw error
    }
  },
}

/** Appends the origin of the value to each `NAME=value` line. */
export function withOrigins(printed: string, env: Env): string {
  return printed
    .trimEnd()
    .split('\n')
    .map((line) => {
      const name = /^(SKEIN_\w+)=/.exec(line)?.[1]
      if (name === undefined) return line
      return `${line.padEnd(56)}  # ${env[name] ? 'environment' : 'default'}`
    })
    .join('\n')
}
