/** Skein as in production: `node apps/node/src/main.ts`, with the settings that it has by default. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type NodeProcess, spawnNode, untilReady } from '@skein/testkit'
import type { DialectName } from '../load/dialects/index.ts'
import type { System } from './system.ts'

/** Fifty nodes that start at the same time on two cores take a while. */
const START_MS = 180_000
const SECRET = 'a-secret-for-measurements-only-0123456789'
export const API_KEY = 'an-api-key-for-measurements-0123456789'

/** `room`: history and recovery, as the development configuration has it. `feed`: no history. `crowd`: presence as well. */
const NAMESPACES = {
  namespaces: {
    room: { historySize: 1000, historyTtl: 86_400, recovery: true, subscribe: 'anyone', publish: 'anyone' },
    feed: { subscribe: 'anyone', publish: 'anyone' },
    crowd: { presence: true, joinLeave: true, subscribe: 'anyone', publish: 'anyone' },
  },
}

export interface SkeinVariant {
  readonly name: string
  readonly label: string
  readonly dialect?: DialectName
  readonly env?: Readonly<Record<string, string>>
}

export function skein({ name, label, dialect = 'skein-json', env = {} }: SkeinVariant): System {
  return {
    name,
    label,
    async start({ redisUrl, nodes }) {
      const folder = await mkdtemp(join(tmpdir(), 'skein-bench-'))
      const config = join(folder, 'namespaces.json')
      await writeFile(config, JSON.stringify(NAMESPACES))
      const settings = {
        ...SETTINGS,
        SKEIN_REDIS_PREFIX: name,
        SKEIN_CONFIG: config,
        SKEIN_REDIS_URL: redisUrl,
        ...env,
      }
      const processes = await Promise.all(
        Array.from({ length: nodes }, (_, at) =>
          spawnNode(`${name}-${at + 1}`, { ...settings, SKEIN_NODE_NAME: `${name}-${at + 1}` }),
        ),
      )
      await Promise.all(processes.map((process) => untilReady(process, START_MS)))
      return {
        name,
        dialect,
        targets: processes.map(({ publicUrl }) => ({
          host: '127.0.0.1',
          port: Number(new URL(publicUrl).port),
        })),
        pids: processes.map(({ pid }) => pid),
        secret: SECRET,
        channel: (channel, history = false) => `${history ? 'room' : 'feed'}:${channel}`,
        internalUrls: processes.map(({ internalUrl }) => internalUrl),
        stop: () => stop(processes, folder),
      }
    },
  }
}

const SETTINGS = {
  SKEIN_ENV: 'production',
  SKEIN_TOKEN_HMAC_SECRET: SECRET,
  SKEIN_API_KEY: API_KEY,
  SKEIN_LOG_LEVEL: 'warn',
  SKEIN_HOST: '127.0.0.1',
  SKEIN_INTERNAL_HOST: '127.0.0.1',
  // Nothing to be learned from the end of a measurement.
  SKEIN_DRAIN_WINDOW: '0ms',
}

async function stop(processes: readonly NodeProcess[], folder: string): Promise<void> {
  // Killed: how a node ends is measured elsewhere, and with many connections it takes its time.
  for (const process of processes) process.kill('SIGKILL')
  await Promise.all(processes.map(({ exited }) => exited))
  await rm(folder, { recursive: true, force: true })
}
