/**
 * The Lua scripts: one file each, named with its number of keys. The header of a file documents KEYS, ARGV
 * and the reply. Scripts are sent by EVALSHA, and by EVAL if the connection has not sent them yet or Redis
 * does not know them.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Command, type Redis } from 'ioredis'

type Arg = string | number

/** Messages that the caller of a script must publish: bus channel, message, … */
export type NodeMessages = readonly string[]

/** Replies as RESP encodes them: integers are numbers, bulk strings are strings. */
export interface Scripts {
  publishStream(
    ...args: Arg[]
  ): Promise<[offset: number, epoch: string, duplicate: 0 | 1, nodeMessages: NodeMessages]>
  /** Offset and epoch, or -1 and an error, of each. */
  publishStreams(...args: Arg[]): Promise<(number | string)[]>
  deliver(...args: Arg[]): Promise<[duplicate: 0 | 1, nodeMessages: NodeMessages]>
  readHistory(
    ...args: Arg[]
  ): Promise<[offset: number, epoch: string, entries: [string, [string, string]][], before: string]>
  positions(...args: Arg[]): Promise<(string | null)[]>
  tops(...args: Arg[]): Promise<[offset: number, epoch: string, before: string][]>
  presenceAdd(...args: Arg[]): Promise<[added: 0 | 1, nodeMessages: NodeMessages]>
  presenceRemove(...args: Arg[]): Promise<[left: number, missed: number, nodeMessages: NodeMessages]>
  presenceSettle(...args: Arg[]): Promise<[next: number, nodeMessages: NodeMessages]>
  presenceRead(
    ...args: Arg[]
  ): Promise<[present: string[], parts: string[][], suspected: string[]] | [string[], number, number]>
  sessionsWrite(...args: Arg[]): Promise<null>
  lease(...args: Arg[]): Promise<[held: 0 | 1, now: string, leases: string[], over: string[]]>
  declareOver(...args: Arg[]): Promise<0 | 1>
  endReaping(...args: Arg[]): Promise<0 | 1>
}

/**
 * A connection with these scripts. Connections of the chat layer have other scripts: see `Settings.define`.
 */
export type Client = Redis & Scripts

const FILES: Record<keyof Scripts, string> = {
  publishStream: 'publish-5',
  publishStreams: 'publish-n',
  deliver: 'deliver-2',
  readHistory: 'history-n',
  positions: 'positions-n',
  tops: 'tops-n',
  presenceAdd: 'presence-add-5',
  presenceRemove: 'presence-remove-5',
  presenceSettle: 'presence-settle-3',
  presenceRead: 'presence-read-n',
  sessionsWrite: 'sessions-write-n',
  lease: 'lease-3',
  declareOver: 'declare-over-3',
  endReaping: 'end-reaping-2',
}

/** Scripts that publish begin with the function that does it. */
const NOTIFYING = new Set([
  'publish-5',
  'deliver-2',
  'presence-add-5',
  'presence-remove-5',
  'presence-settle-3',
])

/** Scripts that need a position begin with that of channels without a stream. */
const POSITIONING = new Set(['publish-5', 'publish-n', 'history-n', 'tops-n'])

/** Scripts that append to a stream begin with the functions that do it. */
const APPENDING = new Set(['publish-5', 'publish-n'])

/** Scripts that read entries of presence begin with the functions that parse them. */
const READING = new Set(['presence-remove-5', 'presence-settle-3', 'presence-read-n'])

const SOURCES = { classic: sources('notify'), sharded: sources('notify-sharded') }

function sources(notify: string) {
  return Object.entries(FILES).map(([command, file]) => {
    const keys = Number(file.slice(file.lastIndexOf('-') + 1))
    const parts = [
      ...(NOTIFYING.has(file) ? [notify] : []),
      ...(POSITIONING.has(file) ? ['common-epoch'] : []),
      ...(APPENDING.has(file) ? ['append'] : []),
      ...(READING.has(file) ? ['entry'] : []),
      file,
    ]
    const lua = parts.map(read).join('')
    const sha = createHash('sha1').update(lua).digest('hex')
    return { command, lua, sha, keys: Number.isNaN(keys) ? [] : [keys] }
  })
}

type Source = (typeof SOURCES)['classic'][number]

/**
 * Adds the scripts to a connection as methods. `sharded`: the connection is to a server of a Redis Cluster.
 * `defineCommand` of ioredis does the same with twice the objects for each call.
 */
export function withScripts(redis: Redis, sharded: boolean): void {
  const scripts = sharded ? SOURCES.sharded : SOURCES.classic
  /** Hashes of scripts that this connection has sent: commands behind them can use the hash. */
  const sent = new Set<string>()
  redis.on('connect', () => sent.clear())
  for (const source of scripts) {
    const method = (...args: Arg[]): Promise<unknown> => {
      const known = redis.status !== 'ready' || sent.has(source.sha)
      if (!known) sent.add(source.sha)
      return evaluate(redis, source, known, args)
    }
    Object.defineProperty(redis, source.command, { value: method })
  }
}

async function evaluate(
  redis: Redis,
  { lua, sha, keys }: Source,
  known: boolean,
  args: readonly Arg[],
): Promise<unknown> {
  try {
    return await send(redis, known ? ['evalsha', sha] : ['eval', lua], [...keys, ...args])
  } catch (error) {
    // Redis does not know the script and has executed nothing.
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error
    return await send(redis, ['eval', lua], [...keys, ...args])
  }
}

function send(redis: Redis, [name, script]: readonly [string, string], args: Arg[]): Promise<unknown> {
  const command = new Command(name, [script, ...args], { replyEncoding: 'utf8' })
  redis.sendCommand(command)
  return command.promise
}

function read(file: string): string {
  return readFileSync(new URL(`./lua/${file}.lua`, import.meta.url), 'utf8')
}
