/** What stands behind `npm run bench --`. */
import { parseArgs } from 'node:util'

export interface Options {
  readonly what: 'rows' | 'million' | 'curves'
  readonly list: boolean
  readonly only: readonly string[]
  /** Of one measurement. */
  readonly seconds: number
  readonly rounds: number
  readonly json: string | undefined
  /** Write docs/performance.md, docs/capacity.md and their plots. */
  readonly page: boolean
  /** Of the million: how many. */
  readonly connections: number
  /** Of the million: pairs of a node and a load process that are filled at the same time. */
  readonly atOnce: number
  /** Of the million: connections being opened by each pair. */
  readonly inFlight: number
}

const USAGE =
  'npm run bench -- [million|curves] [--list] [--only A,B] [--seconds N] [--rounds N] [--json FILE] [--page]\n' +
  '  of the million: [--connections N] [--at-once N] [--in-flight N]'

/** Throws an `Error` for a person to read. */
export function parseOptions(args: readonly string[]): Options {
  const { values, positionals } = read(args)
  const [what = 'rows', ...more] = positionals
  if (!(what === 'rows' || what === 'million' || what === 'curves') || more.length > 0) throw new Error(USAGE)
  return {
    what,
    list: values.list === true,
    only: values.only?.split(',').filter((name) => name !== '') ?? [],
    seconds: positive('--seconds', values.seconds ?? '3'),
    rounds: positive('--rounds', values.rounds ?? '3'),
    json: values.json,
    page: values.page === true,
    connections: positive('--connections', values.connections ?? '1000000'),
    atOnce: positive('--at-once', values['at-once'] ?? '2'),
    inFlight: positive('--in-flight', values['in-flight'] ?? '256'),
  }
}

function read(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        list: { type: 'boolean' },
        only: { type: 'string' },
        seconds: { type: 'string' },
        rounds: { type: 'string' },
        json: { type: 'string' },
        page: { type: 'boolean' },
        connections: { type: 'string' },
        'at-once': { type: 'string' },
        'in-flight': { type: 'string' },
      },
    })
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n${USAGE}`, { cause: error })
  }
}

function positive(name: string, text: string): number {
  const value = Number(text)
  if (!(Number.isFinite(value) && value > 0))
    throw new Error(`${name} is a number above 0, not "${text}"\n${USAGE}`)
  return value
}
