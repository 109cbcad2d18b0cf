/**
 * The Lua scripts of chat: one file each, named with its number of keys. The header of a file documents KEYS,
 * ARGV and the reply.
 */
import { readdirSync, readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'

type Arg = string | number
type Flag = 0 | 1

export interface ChatScripts {
  ledgerReserve(...args: Arg[]): Promise<[id: string, at: string, result: string, known: Flag]>
  ledgerSettle(...args: Arg[]): Promise<Flag>
  amend(...args: Arg[]): Promise<Flag>
  amendTrim(...args: Arg[]): Promise<number>
  roomCreate(...args: Arg[]): Promise<Flag>
  roomPersist(...args: Arg[]): Promise<Flag>
  roomUpdate(...args: Arg[]): Promise<Flag>
  roomJoin(...args: Arg[]): Promise<'joined' | 'already' | 'full' | 'banned' | 'unknown'>
  roomLeave(...args: Arg[]): Promise<'left' | 'absent' | 'last_owner'>
  roomRole(...args: Arg[]): Promise<'set' | 'absent' | 'last_owner'>
  nameClaim(...args: Arg[]): Promise<string>
  nameRelease(...args: Arg[]): Promise<Flag>
  inviteRedeem(...args: Arg[]): Promise<string>
  roomAdd(...args: Arg[]): Promise<Flag>
  directTouch(...args: Arg[]): Promise<Flag>
  touchConversation(...args: Arg[]): Promise<Flag>
  cursor(...args: Arg[]): Promise<[moved: Flag, cursor: string]>
  personSet(...args: Arg[]): Promise<Flag>
  deviceSet(...args: Arg[]): Promise<Flag>
  rate(...args: Arg[]): Promise<number>
  taskPut(...args: Arg[]): Promise<Flag>
  taskTake(...args: Arg[]): Promise<(string | number)[]>
  taskRemove(...args: Arg[]): Promise<Flag>
  groupOpen(...args: Arg[]): Promise<Flag>
  deadAdd(...args: Arg[]): Promise<Flag>
}

export type ChatClient = Redis & ChatScripts

/** Commands whose name would hide one of Redis. */
const RENAMED: Readonly<Record<string, string>> = { touch: 'touchConversation' }

const FOLDER = new URL('./lua/', import.meta.url)

const SOURCES = readdirSync(FOLDER).map((file) => {
  const [, name = '', keys = ''] = /^(.+)-(\d+)\.lua$/.exec(file) ?? []
  const camel = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
  const lua = readFileSync(new URL(file, FOLDER), 'utf8')
  return { command: RENAMED[camel] ?? camel, lua, numberOfKeys: Number(keys) }
})

/** Adds the scripts of chat to a connection as commands. */
export function withChatScripts(redis: Redis): void {
  for (const { command, ...definition } of SOURCES) redis.defineCommand(command, definition)
}
