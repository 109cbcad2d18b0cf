/** Formats the output of `skein chat`. Pure. */

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
  /** Absent: dead letters of all users. */
  readonly user: string | undefined
  readonly conversations: readonly RowOf<'conversation'>[]
  readonly sessions: readonly RowOf<'session'>[]
  readonly letters: readonly RowOf<'dead letter'>[]
  /** More conversations or dead letters exist than the limit allows. */
  readonly more: boolean
}

/** Longer message bodies are cut. */
const BODY_CHARACTERS = 60

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
    ...(letters.length > 0 ? ['', 'Retry one: npx skein chat --replay ID'] : []),
    ...(more ? ['', 'More rows exist: raise --limit.'] : []),
  ]
}

export function replayed({ id, replayed: done }: RowOf<'replay'>): string {
  return done ? `replayed ${id}` : `dead letter ${id} does not exist`
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

/** JSON quoting keeps a body on one line. */
function quoted(body: string): string {
  const text = [...body]
  return JSON.stringify(text.length > BODY_CHARACTERS ? `${text.slice(0, BODY_CHARACTERS).join('')}…` : body)
}

/** Escapes control and format characters, so text from users cannot send commands to the terminal. */
function harmless(cell: string): string {
  const spelled = (mark: string): string => `\\u${(mark.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`
  return cell.replaceAll(/[\p{Cc}\p{Cf}]/gu, spelled)
}

/** UTC with a resolution of one second. */
function time(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').replace(/\..*/, '')
}
