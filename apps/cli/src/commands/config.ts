/** `skein config --print`: the configuration that a node would run with here, and where each value comes from. */
import { ConfigError, parseConfig, printConfig } from '@skein/node'
import { type Command, type Env, Failure, flag, UsageError } from '../command.ts'

export const config: Command = {
  name: 'config',
  words: '--print',
  summary: 'Prints the effective configuration of this environment, secrets hidden.',
  options: { print: { type: 'boolean', text: 'Print it.' } },
  notes: [
    'Reads SKEIN_* and the file that SKEIN_CONFIG names, as a node does; fails with every problem if a node would not',
    'start. Each line says whether its value was set in the environment or is the default.',
  ].join('\n'),
  async run(call, { env, out }) {
    if (!flag(call, 'print')) throw new UsageError('config knows one thing to do: skein config --print')
    try {
      out(withOrigins(printConfig(parseConfig({ env })), env))
      return 0
    } catch (error) {
      if (error instanceof ConfigError) throw new Failure(error.message)
      throw error
    }
  },
}

/** Adds to each `NAME=value` line where the value comes from. */
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
