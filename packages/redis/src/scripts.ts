/**
 * The Lua scripts: one file each, named with its number of keys, its header saying KEYS, ARGV and what it returns. ioredis
 * sends them by EVALSHA, and by EVAL where a connection or a flushed Redis does not know them.
 */
import { readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'

type Arg = string | number

/** Replies as RESP gives them: integers are numbers, bulk strings are strings. */
export interface Scripts {
  publishStream(...args: Arg[]): Promise<[offset: number, epoch: string, duplicate: 0 | 1]>
  deliver(...args: Arg[]): Promise<0 | 1>
  readHistory(...args: Arg[]): Promise<[offset: number, epoch: string, entries: [string, [string, string]][]]>
  presenceAdd(...args: Arg[]): Promise<0 | 1>
  presenceRemove(...args: Arg[]): Promise<number>
  presenceRead(...args: Arg[]): Promise<[string[], string[]] | [string[], number, number]>
  lease(...args: Arg[]): Promise<[held: 0 | 1, now: string, leases: string[], over: string[]]>
  declareOver(...args: Arg[]): Promise<0 | 1>
  endReaping(...args: Arg[]): Promise<0 | 1>
}

export type Client = Redis & Scripts

const FILES: Record<keyof Scripts, string> = {
  publishStream: 'publish-4',
  deliver: 'deliver-2',
  readHistory: 'history-2',
  presenceAdd: 'presence-add-4',
  presenceRemove: 'presence-remove-4',
  presenceRead: 'presence-read-n',
  lease: 'lease-3',
  declareOver: 'declare-over-3',
  endReaping: 'end-reaping-2',
}

/** Scripts that publish begin with the function that knows where to. */
const TELLING = new Set(['publish-4', 'deliver-2', 'presence-add-4', 'presence-remove-4'])

const SOURCES = Object.entries(FILES).map(([command, file]) => {
  const keys = Number(file.slice(file.lastIndexOf('-') + 1))
  const lua = TELLING.has(file) ? read('tell') + read(file) : read(file)
  return { command, lua, ...(Number.isNaN(keys) ? {} : { numberOfKeys: keys }) }
})

/** Gives the connection the scripts as commands. */
export function withScripts(redis: Redis): Client {
  for (const { command, ...definition } of SOURCES) redis.defineCommand(command, definition)
  return redis as Client
}

function read(file: string): string {
  return readFileSync(new URL(`./lua/${file}.lua`, import.meta.url), 'utf8')
}
