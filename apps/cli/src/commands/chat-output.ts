/** What `skein chat` prints. Pure. */

interface Message {
  readonly from: string
  readonly to: string
  readonly body: string
  readonly type: string
  readonly timestamp: number
  readonly system?: { readonly kind: string; readonly user?: string; readonly name?: string }
}

export type Row =
  | {
      readonly is: 'conversation'
      readonly id: string
      readonly with?: string
      readonly room?: { readonly name: string }
      readonly role?: string
      readonly unread: number
      readonly muted?: boolean
      readonly pinned?: boolean
      readonly last?: Message
    }
  | {
      readonly is: 'session'
      readonly client: string
      readonly node: string
      readonly nodeName?: string
      readonly deviceName?: string
      readonly device?: string
      readonly connectedAt: number
    }
  | {
      readonly is: 'dead letter'
      readonly id: string
      readonly at: number
      readonly kind: string
      readonly reason: string
      readonly message?: Message
      readonly event?: { readonly type: string; readonly user?: string }
      readonly listener?: string
      readonly task?: { readonly kind: string }
    }
  | { readonly is: 'replay'; readonly id: string; readonly replayed: boolean }

export type RowOf<K extends Row['is']> = Extract<Row, { is: K }>

export interface Report {
  /** Absent: dead letters of all. */
  readonly user: string | undefined
  readonly conversations: readonly RowOf<'conversation'>[]
  readonly sessions: readonly RowOf<'session'>[]
  readonly letters: readonly RowOf<'dead letter'>[]
  /** There are more conversations or dead letters than were asked for. */
  readonly more: boolean
}

const BODY = 60

export function report({ user, conversations, sessions, letters, more }: Report): string[] {
  const about =
    user === undefined
      ? []
      : [
          ...section(
            `Conversations of ${user}`,
            ['with', 'unread', 'last', '', 'id'],
            conversations.map(conversation),
          ),
          '',
          ...section(`Sessions of ${user}`, ['device', 'node', 'since', 'client'], sessions.map(session)),
          '',
        ]
  const title = user === undefined ? 'Dead letters' : `Dead letters about ${user}`
  return [
    ...about,
    ...section(title, ['id', 'since', 'what', 'why'], letters.map(letter)),
    ...(letters.length > 0 ? ['', 'Try one again: npx skein chat --replay ID'] : []),
    ...(more ? ['', 'There are more: see --limit.'] : []),
  ]
}

export function replayed({ id, replayed: done }: RowOf<'replay'>): string {
  return done ? `replayed ${id}` : `there is no dead letter ${id}`
}

function section(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [`${title}: none`]
  return [`${title}:`, ...columns([head, ...rows])]
}

function columns(cells: readonly (readonly string[])[]): string[] {
  const rows = cells.map((row) => row.map(harmless))
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)))
  return rows.map((row) => `  ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ')}`.trimEnd())
}

function conversation(row: RowOf<'conversation'>): string[] {
  const flags = [row.role, row.pinned ? 'pinned' : '', row.muted ? 'muted' : ''].filter((flag) => flag)
  const name = row.with ?? row.room?.name ?? 'everybody'
  const { last } = row
  return [
    flags.length === 0 ? name : `${name} (${flags.join(', ')})`,
    String(row.unread),
    last === undefined ? '-' : time(last.timestamp),
    last === undefined ? '' : words(last),
    row.id,
  ]
}

function session(row: RowOf<'session'>): string[] {
  return [row.deviceName || row.device || '-', row.nodeName ?? row.node, time(row.connectedAt), row.client]
}

function letter(row: RowOf<'dead letter'>): string[] {
  return [row.id, time(row.at), subject(row), row.reason]
}

function subject({ kind, message, event, listener, task }: RowOf<'dead letter'>): string {
  if (message !== undefined) return `message ${message.from} -> ${message.to} ${quoted(message.body)}`
  if (event !== undefined) return `${event.type} for ${listener ?? 'a listener'}`
  return task === undefined ? kind : `task ${task.kind}`
}

function words({ from, body, system }: Message): string {
  if (system === undefined) return `${from}: ${quoted(body)}`
  return body === '' ? [system.kind, system.user, system.name].filter((word) => word).join(' ') : quoted(body)
}

/** As JSON, so that a body is one word of its line. */
function quoted(body: string): string {
  const text = [...body]
  return JSON.stringify(text.length > BODY ? `${text.slice(0, BODY).join('')}…` : body)
}

/** What users chose must not reach the terminal as commands: control and format characters are spelled. */
function harmless(cell: string): string {
  const spelled = (mark: string): string => `\\u${(mark.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`
  return cell.replaceAll(/[\p{Cc}\p{Cf}]/gu, spelled)
}

/** UTC to the second. */
function time(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').replace(/\..*/, '')
}
