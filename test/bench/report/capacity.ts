/** The measured constants of docs/design/capacity.md, and the model of ten million connections. */
import { markdown } from './markdown.ts'
import type { Results } from './results.ts'
import { number } from './table.ts'

interface Constant {
  readonly name: string
  readonly unit: string
  readonly digits: number
  readonly from: string
  readonly read: (results: Results) => number
}

const NOT_MEASURED = Number.NaN

const ofSkein = (row: string, metric: string) => (results: Results) =>
  results.rows[row]?.result.systems.find(({ name }) => name === 'skein')?.values[metric] ?? NOT_MEASURED

const ofMillion =
  (read: (report: NonNullable<Results['million']>['result']) => number) => (results: Results) =>
    results.million === undefined ? NOT_MEASURED : read(results.million.result)

const CONSTANTS = {
  open: {
    name: 'o',
    unit: 'us of a node’s CPU to open a connection',
    digits: 0,
    from: 'row connect',
    read: ofSkein('connect', 'cpu'),
  },
  idle: {
    name: 'm',
    unit: 'KB of a node for an idle connection',
    digits: 1,
    from: 'row idle',
    read: ofSkein('idle', 'memory'),
  },
  base: {
    name: 'b',
    unit: 'MB of a node without connections',
    digits: 0,
    from: 'row idle',
    read: ofSkein('idle', 'base'),
  },
  kernel: {
    name: 'k',
    unit: 'KB of kernel for both ends of a connection',
    digits: 1,
    from: 'million',
    read: ofMillion(({ memory, reached }) => memory.kernel / reached / 1024),
  },
  redisMemory: {
    name: 'r',
    unit: 'KB of Redis for a session',
    digits: 2,
    from: 'million',
    read: ofMillion(({ memory, reached }) => memory.redis / reached / 1024),
  },
  redisOpen: {
    name: 's',
    unit: 'us of Redis’s CPU for a session written',
    digits: 0,
    from: 'million',
    read: ofMillion(({ cpu }) => cpu.redis),
  },
  deliver: {
    name: 'd',
    unit: 'us of a node’s CPU for a delivered message, quiet sockets',
    digits: 2,
    from: 'row fan-out-sparse',
    read: ofSkein('fan-out-sparse', 'cpu'),
  },
  deliverDense: {
    name: 'd′',
    unit: 'the same, busy sockets',
    digits: 2,
    from: 'row fan-out-dense',
    read: ofSkein('fan-out-dense', 'cpu'),
  },
  bytes: {
    name: 'w',
    unit: 'bytes on the wire for a delivered message of 100',
    digits: 0,
    from: 'row fan-out-sparse',
    read: ofSkein('fan-out-sparse', 'bytes'),
  },
  publish: {
    name: 'p',
    unit: 'us of a node’s CPU for a publish with history',
    digits: 1,
    from: 'row publish',
    read: ofSkein('publish', 'cpu'),
  },
  redisPublish: {
    name: 'q',
    unit: 'us of Redis’s CPU for a publish with history',
    digits: 1,
    from: 'row publish',
    read: ofSkein('publish', 'redis'),
  },
} satisfies Record<string, Constant>

type Values = Readonly<Record<keyof typeof CONSTANTS, number>>

function measured(results: Results): Values {
  return Object.fromEntries(
    Object.entries(CONSTANTS).map(([key, { read }]) => [key, read(results)]),
  ) as Values
}

export function constants(results: Results): string {
  const head = ['constant', 'value', 'what', 'from']
  const body = Object.values(CONSTANTS).map(({ name, unit, digits, from, read }) => [
    `**${name}**`,
    number(read(results), digits),
    unit,
    from,
  ])
  return markdown([head, ...body])
}

/** The work of the model: each connection is in rooms of ten, and writes once in ten minutes. */
const WORK = {
  sizes: [1_000_000, 10_000_000],
  /** Connections of a node. */
  perNode: 50_000,
  /** Members of a channel. */
  members: 10,
  /** Publishes of one connection per second. */
  publishes: 1 / 600,
  /** Seconds in which all clients reconnect after the loss of all nodes. */
  comeBackSeconds: 600,
  /** Planned share of a core. */
  use: 0.6,
}

/** One column for each size. */
export function model(results: Results): string {
  const values = measured(results)
  const columns = WORK.sizes.map((connections) => sized(connections, values))
  const [first = []] = columns
  const head = ['', ...WORK.sizes.map((size) => `${number(size, 0)} connections`)]
  return markdown([
    head,
    ...first.map(([label], at) => [label, ...columns.map((column) => column[at]?.[1] ?? '')]),
  ])
}

function sized(n: number, c: Values): [label: string, value: string][] {
  const { perNode, members, publishes, comeBackSeconds, use } = WORK
  const nodes = n / perNode
  const published = n * publishes
  const delivered = published * members
  const opened = n / comeBackSeconds
  const nodeCores = (delivered * c.deliver + published * c.publish + opened * c.open) / 1e6 / use
  const redisCores = (published * c.redisPublish + opened * c.redisOpen) / 1e6 / use
  // Every node with a member receives it: with ten random members, nearly ten nodes.
  const heard = published * nodes * (1 - (1 - 1 / nodes) ** members)
  const kb = (each: number): string => `${number((n * each * 1024) / 1e9, 0)} GB`
  return [
    ['nodes, by connections', number(nodes, 0)],
    ['cores of nodes: messages, and everybody coming back at once', number(nodeCores, 1)],
    ['memory of nodes', `${number((n * c.idle * 1024 + nodes * c.base * 1e6) / 1e9, 0)} GB`],
    ['memory of their kernels (half of both ends)', kb(c.kernel / 2)],
    ['memory of Redis for sessions', kb(c.redisMemory)],
    ['publishes a second', number(published, 0)],
    ['deliveries a second', number(delivered, 0)],
    ['Pub/Sub messages a second from Redis to nodes', number(heard, 0)],
    ['cores of Redis, without Pub/Sub', number(redisCores, 2)],
    ['Redis shards of one core, without Pub/Sub', number(Math.ceil(redisCores), 0)],
    ['bandwidth to clients', `${number((delivered * c.bytes * 8) / 1e9, 2)} Gbit/s`],
  ]
}
