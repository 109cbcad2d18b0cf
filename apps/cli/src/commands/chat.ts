/** `skein chat`: conversations, sessions and dead letters of a user, through the server API. */
import { type Call, type Command, flag, type Io, integer, text, UsageError } from '../command.ts'
import { API_OPTION, type ApiTarget, apiTarget, callApi } from '../server-api.ts'
import { PORT_OPTION } from '../target.ts'
import { type Report, type Row, type RowOf, replayed, report } from './chat-output.ts'

export const chat: Command = {
  name: 'chat',
  words: '[USER]',
  summary: 'Shows conversations, sessions and dead letters of a user; without USER all dead letters.',
  options: {
    replay: {
      type: 'string',
      value: 'ID',
      text: 'Retries this dead letter and removes it.',
    },
    limit: { type: 'string', value: 'N', text: 'Maximum rows of each kind, 1 to 1000. Default 20.' },
    json: { type: 'boolean', text: 'One JSON object per line instead of tables.' },
    api: API_OPTION,
    port: PORT_OPTION,
  },
  notes: [
    'A dead letter is a failed delivery: a message that expired before any device of its recipient received it, an',
    'event that a webhook did not accept, or a task that failed too often. Times are UTC. With --api the key comes',
    'from SKEIN_API_KEY.',
  ].join('\n'),
  async run(call, io) {
    const [user, ...extra] = call.words
    if (extra.length > 0) throw new UsageError(`chat takes one USER, but got "${call.words.join(' ')}"`)
    const target = apiTarget(call, io.env)
    const id = text(call, 'replay')
    return id === undefined ? await show(call, io, target, user) : await replay(call, io, target, id)
  },
}

async function show(call: Call, io: Io, target: ApiTarget, user: string | undefined): Promise<number> {
  const found = await about(target, user, integer(call, 'limit', 20, 1, 1000))
  const rows = [...found.conversations, ...found.sessions, ...found.letters]
  const lines = flag(call, 'json') ? rows.map((row) => JSON.stringify(row)) : report(found)
  for (const line of lines) io.out(line)
  return 0
}

async function replay(call: Call, io: Io, target: ApiTarget, id: string): Promise<number> {
  const { replayed: done } = (await rpc(target, 'chat.replay', { id })) as { replayed: boolean }
  const row = { is: 'replay', id, replayed: done } as const
  io.out(flag(call, 'json') ? JSON.stringify(row) : replayed(row))
  return done ? 0 : 1
}

async function about(target: ApiTarget, user: string | undefined, limit: number): Promise<Report> {
  const whose = user === undefined ? {} : { user }
  const dead = await listed(target, 'chat.dead_letters', whose, 'letters', 'dead letter', limit)
  if (user === undefined) {
    return { user, conversations: [], sessions: [], letters: dead.rows, more: dead.more }
  }
  const conversations = await listed(
    target,
    'chat.conversations',
    whose,
    'conversations',
    'conversation',
    limit,
  )
  const { sessions } = (await rpc(target, 'chat.sessions', whose)) as {
    sessions: readonly Omit<RowOf<'session'>, 'is'>[]
  }
  return {
    user,
    conversations: conversations.rows,
    sessions: sessions.map((session) => ({ is: 'session', ...session })),
    letters: dead.rows,
    more: dead.more || conversations.more,
  }
}

/** Maximum rows of one server API reply. */
const PAGE_ROWS = 50

/** Fetches page by page, up to `limit` rows. */
async function listed<K extends Row['is']>(
  target: ApiTarget,
  method: string,
  params: object,
  list: string,
  is: K,
  limit: number,
): Promise<{ readonly rows: readonly RowOf<K>[]; readonly more: boolean }> {
  const rows: RowOf<K>[] = []
  let cursor: string | undefined
  do {
    const most = Math.min(PAGE_ROWS, limit - rows.length)
    const data = await rpc(target, method, {
      ...params,
      limit: most,
      ...(cursor !== undefined && { cursor }),
    })
    const page = data as Readonly<Record<string, readonly object[]>> & { readonly cursor?: string }
    rows.push(...(page[list] ?? []).map((row) => ({ is, ...row }) as unknown as RowOf<K>))
    cursor = page.cursor
  } while (cursor !== undefined && rows.length < limit)
  return { rows, more: cursor !== undefined }
}

async function rpc(target: ApiTarget, method: string, params: object): Promise<unknown> {
  const { data } = (await callApi(target, 'rpc', { method, params })) as { data?: unknown }
  return data ?? {}
}
