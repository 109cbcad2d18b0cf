/**
 * A private Redis for tests: own port, own temporary folder, no persistence by default, ended by its pid.
 * Tests `kill` and `start` it again as a fault.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Child, startChild } from './child.ts'
import { freePort } from './free-port.ts'
import { waitFor } from './wait.ts'

export interface RedisServerOptions {
  /** True: an append-only file, which survives a restart. */
  readonly persistent?: boolean
  /** Further settings, as on the command line: `['--maxmemory', '10mb']`. */
  readonly settings?: readonly string[]
  /** A port that was free a moment ago; absent: any. */
  readonly port?: number
}

export interface RedisServer {
  readonly url: string
  readonly port: number
  /** The folder of its data. */
  readonly folder: string
  /** The pid of the running process. */
  pid(): number
  /** Output since the last start. */
  logs(): string
  /** Sends one command on a connection of its own; returns the RESP reply as text. */
  command(...args: string[]): Promise<string>
  /** SIGKILL; resolves after the exit. */
  kill(): Promise<void>
  /** SIGSTOP and SIGCONT: alive to the kernel, without a reply. */
  freeze(): void
  thaw(): void
  /** Starts it on the same port and folder after {@link kill}. */
  start(): Promise<void>
  /** Ends it and removes its folder. */
  stop(): Promise<void>
}

const MISSING =
  'redis-server is not on the PATH. Install it (Debian: apt-get install redis-server; macOS: brew install redis) to run this test.'

export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const port = options.port ?? (await freePort())
  const folder = await mkdtemp(join(tmpdir(), 'skein-redis-'))
  const start = () => run(port, folder, options)
  let child = await start()
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    folder,
    pid: () => child.pid,
    logs: () => child.logs(),
    command: (...args) => command(port, args),
    kill: async () => {
      child.kill('SIGKILL')
      await child.exited
    },
    freeze: () => child.kill('SIGSTOP'),
    thaw: () => child.kill('SIGCONT'),
    start: async () => {
      child = await start()
    },
    stop: async () => {
      await child.stop(2000)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function run(port: number, folder: string, options: RedisServerOptions): Promise<Child> {
  const child = await spawnRedis(port, folder, options)
  try {
    await waitFor(`redis-server on port ${port}`, async () => {
      if (!child.running()) throw new Error(`redis-server ended:\n${child.logs()}`)
      return (await command(port, ['PING'])).startsWith('+PONG')
    })
  } catch (error) {
    await child.stop()
    throw error
  }
  return child
}

async function spawnRedis(port: number, folder: string, options: RedisServerOptions): Promise<Child> {
  const persistence = options.persistent ? ['--appendonly', 'yes'] : ['--appendonly', 'no']
  const basics = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', '']
  const args = [...basics, ...persistence, '--enable-debug-command', 'local', ...(options.settings ?? [])]
  try {
    return await startChild({ name: 'redis-server', command: 'redis-server', args })
  } catch (error) {
    if (error instanceof Error && error.message.includes('ENOENT')) throw new Error(MISSING, { cause: error })
    throw error
  }
}

/** A field of `INFO`; '' for none. */
export async function infoField(server: RedisServer, section: string, field: string): Promise<string> {
  const info = await server.command('INFO', section)
  return new RegExp(`^${field}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? ''
}

/** Sends one command to a server on loopback on a connection of its own; returns the RESP reply. */
export function command(port: number, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    const chunks: Buffer[] = []
    socket.setTimeout(2000, () => socket.destroy(new Error(`redis-server did not answer ${args[0]}`)))
    socket.once('error', reject)
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.once('close', () => resolve(Buffer.concat(chunks).toString()))
    // Redis replies to a half-closed connection and closes it; a Sentinel knows no QUIT.
    socket.end(encode(args))
  })
}

function encode(args: readonly string[]): string {
  return `*${args.length}\r\n${args.map((arg) => `$${Buffer.byteLength(arg)}\r\n${arg}\r\n`).join('')}`
}
