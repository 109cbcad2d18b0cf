/** `skein chat`: a user's conversations and sessions, and what could not be delivered, through the server API. */
import { type Command, flag, integer, text, UsageError } from '../command.ts'
import { API_OPTION, type ApiTarget, apiTarget, callApi } from '../server-api.ts'
import { PORT_OPTION } from '../target.ts'

export const chat: Command = {
  name: 'chat',
  words: '[USER]',
  summary: "Shows a user's conversations, sessions and dead letters; without USER all dead letters.",
  options: {
    replay: {
      type: 'string',
      value: 'ID',
      text: 'Tries again what this dead letter tells of, and removes it.',
    },
    limit: { type: 'string', value: 'N', text: 'How many of each at most. Default 20.' },
    json: { type: 'boolean', text: 'One JSON object per line instead of words.' },
    api: API_OPTION,
    port: PORT_OPTION,
  },
  notes: 'With --api the key comes from SKEIN_API_KEY.',
  async run(call, io) {
    const [user, ...extra] = call.words
    if (extra.length > 0) throw new UsageError('say whose conversations: skein chat [USER]')
    const target = apiTarget(call, io.env)
    const replay = text(call, 'replay')
    const limit = integer(call, 'limit', 20, 1, 50)
    const say = flag(call, 'json') ? (row: Row) => JSON.stringify(row) : describe
    const rows = replay !== undefined ? await replayed(target, replay) : await about(target, user, limit)
    for (const row of rows) io.out(say(row))
    return rows.some((row) => row.is === 'replay' && !row.replayed) ? 1 : 0
  },
}

type Row =
  | {
      readonly is: 'conversation'
      readonly id: string
      readonly unread: number
      readonly last?: { readonly from: string; readonly body: string }
    }
  | { readonly is: 'session'; readonly client: string; readonly node: string; readonly connectedAt: number }
  | {
      readonly is: 'dead letter'
      readonly id: string
      readonly at: number
      readonly kind: string
      readonly reason: string
    }
  | { readonly is: 'replay'; readonly id: string; readonly replayed: boolean }

async function about(target: ApiTarget, user: string | undefined, limit: number): Promise<Row[]> {
  const whose = user === undefined ? {} : { user }
  const dead = await rows(target, 'chat.dead_letters', { ...whose, limit }, 'letters', 'dead letter')
  if (user === undefined) return dead
  return [
    ...(await rows(target, 'chat.conversations', { user, limit }, 'conversations', 'conversation')),
    ...(await rows(target, 'chat.sessions', { user }, 'sessions', 'session')),
    ...dead,
  ]
}

async function replayed(target: ApiTarget, id: string): Promise<Row[]> {
  const { replayed: done } = (await rpc(target, 'chat.replay', { id })) as { replayed: boolean }
  return [{ is: 'replay', id, replayed: done }]
}

async function rows(
  target: ApiTarget,
  method: string,
  params: object,
  list: string,
  is: string,
): Promise<Row[]> {
  const data = (await rpc(target, method, params)) as Readonly<Record<string, readonly object[]>>
  return (data[list] ?? []).map((row) => ({ is, ...row }) as Row)
}

async function rpc(target: ApiTarget, method: string, params: object): Promise<unknown> {
  const { data } = (await callApi(target, 'rpc', { method, params })) as { data?: unknown }
  return data ?? {}
}

function describe(row: Row): string {
  switch (row.is) {
    case 'conversation': {
      const last = row.last === undefined ? '' : `  ${row.last.from}: ${JSON.stringify(row.last.body)}`
      return `conversation ${row.id}  ${row.unread} unread${last}`
    }
    case 'session':
      return `session ${row.client}  on ${row.node} since ${new Date(row.connectedAt).toISOString()}`
    case 'dead letter':
      return `dead letter ${row.id}  ${new Date(row.at).toISOString()}  ${row.kind}: ${row.reason}`
    case 'replay':
      return row.replayed ? `replayed ${row.id}` : `there is no dead letter ${row.id}`
    default:
      return row satisfies never
  }
}
