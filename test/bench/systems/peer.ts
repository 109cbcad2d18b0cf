/**
 * Starts a peer: a small server program of `peers/` that gets the Redis as first argument and reports its
 * port by IPC.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { DialectName } from '../load/dialects/index.ts'
import type { System } from './system.ts'

const START_MS = 15_000

export interface PeerOptions {
  readonly program?: string
  /** Arguments after the Redis. */
  readonly args?: readonly string[]
  /** Signs the tokens of its clients; the program gets it in `args`. */
  readonly secret?: string
  readonly floor?: boolean
}

export function peer(name: string, label: string, dialect: DialectName, options: PeerOptions = {}): System {
  const { program: file = name, args = [], secret = '', floor = false } = options
  const program = fileURLToPath(new URL(`../peers/${file}.ts`, import.meta.url))
  return {
    name,
    label,
    floor,
    async start({ redisUrl, nodes }) {
      const servers = await Promise.all(
        Array.from({ length: nodes }, () => startServer(program, [redisUrl, ...args])),
      )
      return {
        name,
        dialect,
        targets: servers.map(({ port }) => ({ host: '127.0.0.1', port })),
        pids: servers.map(({ child }) => child.pid ?? -1),
        secret,
        ...(floor && { oneChannel: true }),
        channel: (channel) => `${name}:${channel}`,
        stop: async () => {
          await Promise.all(servers.map(({ child }) => end(child)))
        },
      }
    },
  }
}

async function startServer(
  program: string,
  args: readonly string[],
): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(program, args, { execArgv: [] })
  const port = await new Promise<number>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`${program} did not start`)), START_MS)
    child.once('message', (message: { port: number }) => {
      clearTimeout(late)
      resolve(message.port)
    })
    child.once('exit', (code) => reject(new Error(`${program} ended with ${code}`)))
  })
  return { child, port }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await exited
}
