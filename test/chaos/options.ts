/** The command line of `npm run chaos`. */
import { parseArgs } from 'node:util'
import type { Form, Scenario } from './scenario.ts'

export const USAGE = `npm run chaos -- [options]
  --list             the scenarios, and what each of them does
  --scenario A,B     these only
  --short            the short forms, as in npm test
  --seconds N        so long under load, instead of each scenario's own time
  --seed N           the first seed (default 1)
  --runs N           each scenario so often, with seeds that follow each other (default 1)
  --json FILE        the outcomes as JSON
  --keep FOLDER      traces and logs of failed runs`

export interface ChaosOptions {
  readonly list: boolean
  readonly scenarios: readonly Scenario[]
  readonly form: Form
  readonly seconds: number | undefined
  readonly seed: number
  readonly runs: number
  readonly json: string | undefined
  readonly keep: string | undefined
}

/** Throws an `Error` that names the option. */
export function readOptions(args: readonly string[], all: readonly Scenario[]): ChaosOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      list: { type: 'boolean', default: false },
      scenario: { type: 'string' },
      short: { type: 'boolean', default: false },
      seconds: { type: 'string' },
      seed: { type: 'string', default: '1' },
      runs: { type: 'string', default: '1' },
      json: { type: 'string' },
      keep: { type: 'string' },
    },
  })
  return {
    list: values.list,
    scenarios: chosen(values.scenario, all),
    form: values.short ? 'short' : 'long',
    seconds: values.seconds === undefined ? undefined : positive('seconds', values.seconds),
    seed: positive('seed', values.seed),
    runs: positive('runs', values.runs),
    json: values.json,
    keep: values.keep,
  }
}

function chosen(names: string | undefined, all: readonly Scenario[]): readonly Scenario[] {
  if (names === undefined) return all
  return names.split(',').map((name) => {
    const scenario = all.find((one) => one.name === name)
    if (scenario === undefined) throw new Error(`there is no scenario "${name}": see --list`)
    return scenario
  })
}

function positive(what: string, text: string): number {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value > 0) return value
  throw new Error(`--${what} takes a whole number above 0, not "${text}"`)
}
