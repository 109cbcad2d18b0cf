/**
 * Centrifugo, where its binary is on the PATH (`go install github.com/centrifugal/centrifugo/v6@latest`): the
 * Go server of the same protocol, with the same namespaces and the same Redis. Other settings are its
 * defaults: it runs on all processors and joins waiting messages of a socket in one write without a delay. It
 * keeps no sessions in Redis.
 */
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Child, freePort, startChild, statusOf, waitFor } from '@skein/testkit'
import { API_KEY, channelName, SECRET } from './skein.ts'
import type { System } from './system.ts'

const NAME = 'centrifugo'
const INSTALLED = spawnSync(NAME, ['version']).error === undefined

/** None or one. */
export const CENTRIFUGO: readonly System[] = INSTALLED ? [centrifugo()] : []

interface Process extends Child {
  readonly port: number
}

function centrifugo(): System {
  return {
    name: NAME,
    label: 'Centrifugo (Go), its defaults',
    async start({ redisUrl, nodes }) {
      const folder = await mkdtemp(join(tmpdir(), 'skein-centrifugo-'))
      const processes: Process[] = []
      const stop = async (): Promise<void> => {
        // SIGKILL, as for Skein: a graceful end of all connections would take long.
        for (const process of processes) process.kill('SIGKILL')
        await Promise.all(processes.map(({ exited }) => exited))
        await rm(folder, { recursive: true, force: true })
      }
      try {
        for (let at = 0; at < nodes; at++) processes.push(await spawn(join(folder, `${at}.json`), redisUrl))
        for (const process of processes) await untilUp(process)
      } catch (error) {
        const logs = processes.map((process) => process.logs()).join('')
        await stop()
        throw new Error(`centrifugo did not start: ${logs}`, { cause: error })
      }
      return {
        name: NAME,
        dialect: 'skein-json',
        targets: processes.map(({ port }) => ({ host: '127.0.0.1', port })),
        pids: processes.map(({ pid }) => pid),
        secret: SECRET,
        internalUrls: processes.map(({ port }) => `http://127.0.0.1:${port}`),
        channel: channelName,
        stop,
      }
    },
  }
}

async function spawn(file: string, redisUrl: string): Promise<Process> {
  const port = await freePort()
  await writeFile(file, JSON.stringify(configuration(redisUrl, port)))
  const child = await startChild({ name: NAME, command: NAME, args: ['-c', file] })
  return { ...child, port }
}

async function untilUp({ port, running }: Process): Promise<void> {
  await waitFor(NAME, async () => {
    if (!running()) throw new Error('it has ended')
    return (await statusOf(`http://127.0.0.1:${port}/health`)) === 200
  })
}

function configuration(redisUrl: string, port: number) {
  const anyone = { allow_subscribe_for_client: true, allow_publish_for_client: true }
  return {
    http_server: { address: '127.0.0.1', port },
    log: { level: 'warn' },
    engine: { type: 'redis', redis: { address: [redisUrl], prefix: NAME } },
    client: { token: { hmac_secret_key: SECRET } },
    http_api: { key: API_KEY },
    health: { enabled: true },
    channel: {
      namespaces: [
        // Forced: in Skein, too, recovery belongs to the namespace.
        { name: 'room', history_size: 1000, history_ttl: '24h', force_recovery: true, ...anyone },
        { name: 'feed', ...anyone },
        { name: 'crowd', presence: true, join_leave: true, ...anyone },
      ],
    },
  }
}
