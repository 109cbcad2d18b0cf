/** `skein up`, which `npm start` calls: runs a local cluster until Ctrl-C. */
import { once } from 'node:events'
import type { Call, Command, Io } from '../command.ts'
import { type LocalCluster, startCluster, TOKEN_USER } from '../up/cluster.ts'
import { type Machine, probeMachine, which } from '../up/machine.ts'
import { internalUrl } from '../up/nodes.ts'
import { DEFAULT_PORT, type UpOptions, upOptions } from '../up/options.ts'
import { installHint, type Plan, pick } from '../up/pick.ts'
import { announce, type Row, redactUrl } from '../up/table.ts'

export const up: Command = {
  name: 'up',
  words: '',
  summary: 'Runs a local cluster behind one endpoint until Ctrl-C.',
  options: {
    nodes: { type: 'string', value: 'N', text: 'Number of nodes, 1 to 64. Default 3.' },
    port: { type: 'string', value: 'N', text: `Port of the endpoint. Default ${DEFAULT_PORT}.` },
    redis: { type: 'string', value: 'URL', text: 'URL of a running Redis. Default: SKEIN_REDIS_URL.' },
    embedded: { type: 'boolean', text: 'All nodes in one process, without Redis and nginx.' },
  },
  notes: [
    'Each part comes from the first available source: the given URL, redis-server and nginx on PATH (private processes,',
    'data in a temporary folder), a Docker engine. Without any of them the cluster is embedded: one process, no storage.',
  ].join('\n'),
  run,
}

async function run(call: Call, io: Io): Promise<number> {
  const options = upOptions(call, io.env)
  const machine: Machine = options.embedded
    ? { redisServer: undefined, nginx: undefined, docker: false }
    : await probeMachine(io.env)
  const plan = pick(options, machine)
  if (plan.broker.kind === 'docker' || plan.front.kind === 'docker') {
    io.err('skein: starting containers; the first start pulls their images')
  }
  const cluster = await started(options, plan, io)
  if (cluster === undefined) return 0
  io.out(announce(announcement(options, plan, cluster, io)))
  if (!io.signal.aborted) await once(io.signal, 'abort')
  io.err('skein: stopping')
  await cluster.stop()
  return 0
}

/** `undefined` if Ctrl-C arrives before the cluster is up. */
async function started(options: UpOptions, plan: Plan, io: Io): Promise<LocalCluster | undefined> {
  const report = (line: string): void => io.err(`skein: ${line}`)
  try {
    return await startCluster({ options, plan, env: io.env, report, signal: io.signal })
  } catch (error) {
    if (io.signal.aborted) return undefined
    throw error
  }
}

function announcement(options: UpOptions, plan: Plan, cluster: LocalCluster, { env }: Io) {
  return {
    endpoint: cluster.endpoint,
    port: options.port,
    rows: rowsOf(plan, cluster),
    token: cluster.token,
    tokenUser: TOKEN_USER,
    ...(plan.broker.kind === 'embedded' && {
      install: installHint(process.platform, which('apt-get', env) !== undefined),
    }),
  }
}

function rowsOf({ broker, front }: Plan, { endpoint, nodes, redisUrl, folder }: LocalCluster): Row[] {
  const ws = `${endpoint.replace('http', 'ws')}/connection/websocket`
  const fronts = { binary: 'nginx, private', docker: 'nginx, container', listener: 'built-in listener' }
  const brokers = {
    url: 'Redis, by URL',
    binary: 'Redis, private',
    docker: 'Redis, container',
    embedded: 'in memory',
  }
  const node = broker.kind === 'embedded' ? 'in one process' : 'a process'
  return [
    ['endpoint', fronts[front.kind], ws],
    ...nodes.map((one): Row => [one.name, node, `API and metrics: ${internalUrl(one)}`]),
    ['broker', brokers[broker.kind], redisUrl === '' ? '' : redactUrl(redisUrl)],
    ['logs', 'one file per part', `${folder}/logs`],
  ]
}
