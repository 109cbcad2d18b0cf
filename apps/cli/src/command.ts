/** The type of a `skein` command, and the parser of its arguments. */
import { type ParseArgsConfig, parseArgs } from 'node:util'

export type Env = Readonly<Record<string, string | undefined>>

/** The environment, streams and signal that a command runs with. */
export interface Io {
  readonly env: Env
  /** Writes one line of machine-readable output to standard output. */
  readonly out: (line: string) => void
  /** Writes one line of diagnostics to standard error. */
  readonly err: (line: string) => void
  /** Aborts at SIGINT and SIGTERM. */
  readonly signal: AbortSignal
}

export interface Option {
  readonly type: 'string' | 'boolean'
  /** Placeholder of the value in the help; absent for booleans. */
  readonly value?: string
  readonly text: string
}

export interface Call {
  readonly flags: Readonly<Record<string, string | boolean | undefined>>
  readonly words: readonly string[]
}

export interface Command {
  readonly name: string
  /** The positional arguments, as the help shows them. */
  readonly words: string
  readonly summary: string
  readonly options: Readonly<Record<string, Option>>
  /** Help text below the options. */
  readonly notes?: string
  /** Resolves with the exit code. */
  run(call: Call, io: Io): Promise<number>
}

/** A usage error: printed without a stack, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** A failure outside this program. Its message names the remedy; printed without a stack, exit code 1. */
export class Failure extends Error {
  override readonly name = 'Failure'
}

/** Throws {@link UsageError} for unknown options and missing values. */
export function parseCall(command: Command, args: readonly string[]): Call {
  const options: ParseArgsConfig['options'] = { help: { type: 'boolean', short: 'h' } }
  for (const [name, { type }] of Object.entries(command.options)) options[name] = { type }
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    return { flags: values as Call['flags'], words: positionals }
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${help(command)}`)
  }
}

export const text = (call: Call, name: string): string | undefined => {
  const value = call.flags[name]
  return typeof value === 'string' ? value : undefined
}

export const flag = (call: Call, name: string): boolean => call.flags[name] === true

/** An integer from `min` to `max`; `initial` if the option is absent. */
export function integer(call: Call, name: string, initial: number, min: number, max: number): number {
  const given = text(call, name)
  if (given === undefined) return initial
  const value = Number(given)
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new UsageError(`--${name} must be a whole number from ${min} to ${max}, not "${given}"`)
  }
  return value
}

export function help(command: Command): string {
  const rows = Object.entries({
    ...command.options,
    help: { type: 'boolean', text: 'Print this help.' } as Option,
  }).map(
    ([name, option]) =>
      [`--${name}${option.value === undefined ? '' : ` ${option.value}`}`, option.text] as const,
  )
  const width = Math.max(...rows.map(([left]) => left.length))
  const lines = rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`)
  const usage = `skein ${command.name}${command.words === '' ? '' : ` ${command.words}`} [options]`
  const notes = command.notes === undefined ? [] : ['', command.notes]
  return [usage, '', command.summary, '', ...lines, ...notes].join('\n')
}
