/**
 * A minimal RESP2 client for `doctor` and for the readiness check of a private Redis.
 * The layer rule keeps ioredis in @skein/redis; a few commands on one connection need no client library.
 */
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

export type Reply = string | number | null | Error | readonly Reply[]

/** Limit for connect, commands and replies together. */
const TIMEOUT_MS = 3000

/**
 * Pipelines the commands and resolves with their replies in order; an error reply becomes an `Error` in its
 * place. Rejects if the server is unreachable or exceeds {@link TIMEOUT_MS}. Supports `redis://` and
 * `rediss://` only.
 */
export async function askRedis(url: string, commands: readonly (readonly string[])[]): Promise<Reply[]> {
  const at = new URL(url)
  const all = [...greeting(at), ...commands]
  const socket = open(at)
  try {
    const replies = await collect(socket, all)
    const refused = replies.slice(0, all.length - commands.length).find((reply) => reply instanceof Error)
    if (refused !== undefined) throw refused
    return replies.slice(all.length - commands.length)
  } finally {
    socket.destroy()
  }
}

function greeting({ username, password }: URL): string[][] {
  if (password === '') return []
  const words = username === '' ? [password] : [username, password]
  return [['AUTH', ...words.map(decodeURIComponent)]]
}

function open(url: URL): Socket {
  const target = { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || 6379) }
  return url.protocol === 'rediss:' ? connectTls({ ...target, servername: target.host }) : connect(target)
}

const collect = (socket: Socket, commands: readonly (readonly string[])[]): Promise<Reply[]> =>
  new Promise((resolve, reject) => {
    let received = Buffer.alloc(0)
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)))
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('the connection was closed')))
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk])
      try {
        const replies = parseAll(received)
        if (replies.length >= commands.length) resolve(replies)
      } catch (error) {
        reject(error)
      }
    })
    socket.write(commands.map(encode).join(''))
  })

const encode = (words: readonly string[]) =>
  `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`

/** The complete replies at the start of the buffer. */
function parseAll(bytes: Buffer): Reply[] {
  const replies: Reply[] = []
  for (let at = 0; ; ) {
    const parsed = parse(bytes, at)
    if (parsed === undefined) return replies
    replies.push(parsed.reply)
    at = parsed.next
  }
}

interface Parsed {
  readonly reply: Reply
  readonly next: number
}

function parse(bytes: Buffer, at: number): Parsed | undefined {
  const lineEnd = bytes.indexOf('\r\n', at)
  if (lineEnd < 0) return undefined
  const line = bytes.toString('utf8', at + 1, lineEnd)
  const next = lineEnd + 2
  switch (String.fromCharCode(bytes[at] ?? 0)) {
    case '+':
      return { reply: line, next }
    case '-':
      return { reply: new Error(line), next }
    case ':':
      return { reply: Number(line), next }
    case '$':
      return parseBulk(bytes, next, Number(line))
    case '*':
      return parseArray(bytes, next, Number(line))
    default:
      throw new Error('the server is not a Redis: it does not speak RESP')
  }
}

function parseBulk(bytes: Buffer, at: number, length: number): Parsed | undefined {
  if (length < 0) return { reply: null, next: at }
  const end = at + length
  return bytes.length < end + 2 ? undefined : { reply: bytes.toString('utf8', at, end), next: end + 2 }
}

function parseArray(bytes: Buffer, at: number, length: number): Parsed | undefined {
  const items: Reply[] = []
  let next = at
  for (let index = 0; index < length; index++) {
    const item = parse(bytes, next)
    if (item === undefined) return undefined
    items.push(item.reply)
    next = item.next
  }
  return { reply: items, next }
}
