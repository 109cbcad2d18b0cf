/** Skein as in production: `node apps/node/src/main.ts` with its default settings. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Checkout, fillCompileCache, type NodeProcess, spawnNode, untilReady } from '@skein/testkit'
import { COMPILE_CACHE } from '../../run/compile-cache.ts'
import type { DialectName } from '../load/dialects/index.ts'
import type { Target } from '../load/messages.ts'
import type { Running, System } from './system.ts'

/** Several nodes that start at once on two busy cores are slow. */
const START_MS = 180_000
export const SECRET = 'a-secret-for-measurements-only-0123456789'
export const API_KEY = 'an-api-key-for-measurements-0123456789'

/**
 * `room`: history and recovery, as in the development configuration. `feed`: no history. `crowd`: presence as
 * well.
 */
const NAMESPACES = {
  namespaces: {
    room: { historySize: 1000, historyTtl: 86_400, recovery: true, subscribe: 'anyone', publish: 'anyone' },
    feed: { subscribe: 'anyone', publish: 'anyone' },
    crowd: { presence: true, joinLeave: true, subscribe: 'anyone', publish: 'anyone' },
  },
}

export function channelName(name: string, history = false): string {
  return `${history ? 'room' : 'feed'}:${name}`
}

const SETTINGS = {
  SKEIN_ENV: 'production',
  SKEIN_TOKEN_HMAC_SECRET: SECRET,
  SKEIN_API_KEY: API_KEY,
  SKEIN_LOG_LEVEL: 'warn',
  SKEIN_HOST: '127.0.0.1',
  SKEIN_INTERNAL_HOST: '127.0.0.1',
  // The cost of the work is measured, not the pace of admission.
  SKEIN_HANDSHAKE_RATE: '0',
  SKEIN_MAX_LOOP_DELAY: '0',
  // The end of a node is not measured here.
  SKEIN_DRAIN_WINDOW: '0ms',
}

/** By folder: each checkout has a compile cache of its own. */
const filled = new Map<string, Promise<void>>()

async function compiled(tree: Tree | undefined): Promise<string> {
  const folder = tree === undefined ? COMPILE_CACHE : `${COMPILE_CACHE}-${tree.name}`
  const filling = filled.get(folder) ?? fillCompileCache(folder, tree)
  filled.set(folder, filling)
  await filling
  return folder
}

/** Another checkout of this repository. */
export interface Tree extends Checkout {
  readonly name: string
}

export interface SkeinVariant {
  readonly name: string
  readonly label: string
  readonly dialect?: DialectName
  readonly env?: Readonly<Record<string, string>>
  /** Absent: the checkout that this bench belongs to. */
  readonly tree?: Tree
}

/** A cluster that grows while it runs. */
export interface SkeinCluster extends Running {
  /** One more node; resolves with its number when it is ready. */
  add(): Promise<number>
  /** Warnings and errors of the nodes so far. */
  logs(): string
  /** SIGKILL; the number is not used again. */
  kill(node: number): Promise<void>
}

export function skein(variant: SkeinVariant): System {
  return {
    name: variant.name,
    label: variant.label,
    async start({ redisUrl, nodes }) {
      const cluster = await skeinCluster(variant, redisUrl)
      await Promise.all(Array.from({ length: nodes }, () => cluster.add()))
      return cluster
    },
  }
}

export async function skeinCluster(
  { name, dialect = 'skein-json', env = {}, tree }: SkeinVariant,
  redisUrl: string,
): Promise<SkeinCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'skein-bench-'))
  const config = join(folder, 'namespaces.json')
  await writeFile(config, JSON.stringify(NAMESPACES))
  const settings = {
    ...SETTINGS,
    // As in the image.
    NODE_COMPILE_CACHE: await compiled(tree),
    SKEIN_REDIS_PREFIX: name,
    SKEIN_CONFIG: config,
    SKEIN_REDIS_URL: redisUrl,
    ...env,
  }
  const processes: NodeProcess[] = []
  const targets: Target[] = []
  const pids: number[] = []
  const internalUrls: string[] = []
  let spawned = 0
  return {
    name,
    dialect,
    targets,
    pids,
    secret: SECRET,
    channel: channelName,
    internalUrls,
    add: async () => {
      const nodeName = `${name}-${++spawned}`
      const process = await spawnNode(nodeName, { ...settings, SKEIN_NODE_NAME: nodeName }, tree)
      processes.push(process)
      await untilReady(process, START_MS)
      targets.push({ host: '127.0.0.1', port: Number(new URL(process.publicUrl).port) })
      internalUrls.push(process.internalUrl)
      return pids.push(process.pid) - 1
    },
    kill: async (node) => {
      const process = processes.find(({ pid }) => pid === pids[node])
      process?.kill('SIGKILL')
      await process?.exited
    },
    logs: () => processes.map((process) => process.logs()).join(''),
    stop: () => stop(processes, folder),
  }
}

async function stop(processes: readonly NodeProcess[], folder: string): Promise<void> {
  // SIGKILL: the end of a node is measured elsewhere, and takes long with many connections.
  for (const process of processes) process.kill('SIGKILL')
  await Promise.all(processes.map(({ exited }) => exited))
  await rm(folder, { recursive: true, force: true })
}
