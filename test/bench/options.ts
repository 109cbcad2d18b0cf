/** Options of `npm run bench --`. */
import { parseArgs } from 'node:util'

export interface Options {
  readonly what: 'rows' | 'million' | 'curves'
  readonly list: boolean
  readonly only: readonly string[]
  /** Systems of a row, by name; empty: all. */
  readonly systems: readonly string[]
  /** Other checkouts of this repository, each measured as one more Skein. */
  readonly trees: readonly TreeOption[]
  /** Skein with other settings, each measured as one more Skein. */
  readonly variants: readonly VariantOption[]
  /** Of one measurement. */
  readonly seconds: number
  readonly rounds: number
  readonly json: string | undefined
  /** Write docs/performance.md, docs/design/capacity.md and their plots. */
  readonly page: boolean
  /** Of the million: how many. */
  readonly connections: number
  /** Of the million: pairs of a node and a load process that are filled at the same time. */
  readonly atOnce: number
  /** Of the million: connections being opened by each pair. */
  readonly inFlight: number
}

export interface TreeOption {
  readonly name: string
  readonly path: string
}

export interface VariantOption {
  readonly name: string
  /** Name of a tree; absent: this checkout. */
  readonly tree?: string
  readonly env: Readonly<Record<string, string>>
}

/** Rounds of a run whose figures are published. */
const PUBLISHED_ROUNDS = 9

const USAGE =
  'npm run bench -- [million|curves] [--list] [--only A,B] [--seconds N] [--rounds N] [--json FILE] [--page]\n' +
  '  of the rows: [--systems A,B] [--tree NAME=PATH]... [--variant NAME[@TREE]:KEY=VALUE[,KEY=VALUE]]...\n' +
  '  of the million: [--connections N] [--at-once N] [--in-flight N]'

/** Throws an `Error` whose message names the option and shows the usage. */
export function parseOptions(args: readonly string[]): Options {
  const { values, positionals } = read(args)
  const [what = 'rows', ...more] = positionals
  if (!(what === 'rows' || what === 'million' || what === 'curves') || more.length > 0) throw new Error(USAGE)
  return {
    what,
    list: values.list === true,
    only: values.only?.split(',').filter((name) => name !== '') ?? [],
    seconds: positive('--seconds', values.seconds ?? '3'),
    systems: values.systems?.split(',').filter((name) => name !== '') ?? [],
    trees: values.tree?.map(tree) ?? [],
    variants: values.variant?.map(variant) ?? [],
    rounds: rounds(what, values.page === true, values.rounds),
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
        systems: { type: 'string' },
        tree: { type: 'string', multiple: true },
        variant: { type: 'string', multiple: true },
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

function rounds(what: Options['what'], page: boolean, text: string | undefined): number {
  const count = positive('--rounds', text ?? (page ? `${PUBLISHED_ROUNDS}` : '3'))
  if (what === 'rows' && page && count < PUBLISHED_ROUNDS)
    throw new Error(`--page publishes medians of at least ${PUBLISHED_ROUNDS} rounds, not of ${count}`)
  return count
}

function tree(text: string): TreeOption {
  const [, name, path] = /^([a-z][a-z0-9-]*)=(.+)$/.exec(text) ?? []
  if (name === undefined || path === undefined)
    throw new Error(`--tree is NAME=PATH, not "${text}"\n${USAGE}`)
  return { name, path }
}

function variant(text: string): VariantOption {
  const [, name, of, settings] = /^([a-z][a-z0-9-]*)(?:@([a-z][a-z0-9-]*))?:(.+)$/.exec(text) ?? []
  const entries = settings?.split(',').map((entry) => /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(entry))
  if (name === undefined || entries === undefined || entries.includes(null))
    throw new Error(`--variant is NAME[@TREE]:KEY=VALUE[,KEY=VALUE], not "${text}"\n${USAGE}`)
  const env = Object.fromEntries(entries.map((entry) => [entry?.[1] ?? '', entry?.[2] ?? '']))
  return { name, ...(of !== undefined && { tree: of }), env }
}

function positive(name: string, text: string): number {
  const value = Number(text)
  if (!(Number.isFinite(value) && value > 0))
    throw new Error(`${name} is a number above 0, not "${text}"\n${USAGE}`)
  return value
}
