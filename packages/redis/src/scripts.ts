/**
 * The Lua scripts: one file each, named with its number of keys, its header saying KEYS, ARGV and what it returns. ioredis
 * sends them by EVALSHA, and by EVAL where a connection or a flushed Redis does not know them.
 */
import { readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'

type Arg = string | number

/** Messages that the script could not publish itself: bus channel, message, … */
export type Untold = readonly string[]

/** Replies as RESP gives them: integers are numbers, bulk strings are strings. */
export interface Scripts {
  publishStream(...args: Arg[]): Promise<[offset: number, epoch: string, duplicate: 0 | 1, untold: Untold]>
  deliver(...args: Arg[]): Promise<[duplicate: 0 | 1, untold: Untold]>
  readHistory(
    ...args: Arg[]
  ): Promise<[offset: number, epoch: string, entries: [string, [string, string]][], before: string]>
  presenceAdd(...args: Arg[]): Promise<[added: 0 | 1, untold: Untold]>
  presenceRemove(...args: Arg[]): Promise<[left: number, missed: number, untold: Untold]>
  presenceSettle(...args: Arg[]): Promise<[next: number, untold: Untold]>
  presenceRead(
    ...args: Arg[]
  ): Promise<[present: string[], infos: string[], suspected: string[]] | [string[], number, number]>
  lease(...args: Arg[]): Promise<[held: 0 | 1, now: string, leases: string[], over: string[]]>
  declareOver(...args: Arg[]): Promise<0 | 1>
  endReaping(...args: Arg[]): Promise<0 | 1>
}

/** A connection with these scripts. Chat gives its own connections others: see `Settings.define`. */
export type Client = Redis & Scripts

const FILES: Record<keyof Scripts, string> = {
  publishStream: 'publish-4',
  deliver: 'deliver-2',
  readHistory: 'history-2',
  presenceAdd: 'presence-add-5',
  presenceRemove: 'presence-remove-5',
  presenceSettle: 'presence-settle-2',
  presenceRead: 'presence-read-n',
  lease: 'lease-3',
  declareOver: 'declare-over-3',
  endReaping: 'end-reaping-2',
}

/** Scripts that publish begin with the function that knows where to. */
const TELLING = new Set([
  'publish-4',
  'deliver-2',
  'presence-add-5',
  'presence-remove-5',
  'presence-settle-2',
])

/** Scripts that read entries of presence begin with the functions that know how. */
const READING = new Set(['presence-remove-5', 'presence-settle-2', 'presence-read-n'])

const SOURCES = { classic: sources('tell'), sharded: sources('tell-sharded') }

function sources(tell: string) {
  return Object.entries(FILES).map(([command, file]) => {
    const keys = Number(file.slice(file.lastIndexOf('-') + 1))
    const parts = [...(TELLING.has(file) ? [tell] : []), ...(READING.has(file) ? ['entry'] : []), file]
    return { command, lua: parts.map(read).join(''), ...(Number.isNaN(keys) ? {} : { numberOfKeys: keys }) }
  })
}

/** Gives the connection the scripts as commands. `sharded`: it is to a Redis Cluster. */
export function withScripts(redis: Redis, sharded: boolean): void {
  const scripts = sharded ? SOURCES.sharded : SOURCES.classic
  for (const { command, ...definition } of scripts) redis.defineCommand(command, definition)
}

function read(file: string): string {
  return readFileSync(new URL(`./lua/${file}.lua`, import.meta.url), 'utf8')
}
