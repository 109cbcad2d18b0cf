/**
 * Changes of a message after it was sent. The log is append-only: each change is an event for connected
 * readers, and is written into the message's record for later readers. The record is written first, so a page
 * read at some position includes every change that the log has up to that position.
 *
 * A record is a set of slots. Each slot keeps its last operation and a few earlier ones. An operation that a
 * node repeats after a pause is recognised and changes nothing. A first attempt that is late yields to newer
 * changes. Only then are clocks of different nodes compared, and the lateness exceeds their difference.
 */
import type { ChatContext } from '../context.ts'
import { ChatError } from '../errors.ts'
import type { Amendment, Item, Message, Target } from '../schema.ts'

export type Change =
  | { readonly kind: 'edit'; readonly body: string; readonly mentions: readonly string[] }
  | { readonly kind: 'delete' }
  | { readonly kind: 'hide' }
  | { readonly kind: 'react'; readonly emoji: string; readonly on: boolean }

/** A change by one user. A repetition has the same `op`. */
export interface Operation {
  readonly target: Target
  readonly change: Change
  readonly op: string
  readonly by: string
  readonly at: number
}

interface Slot {
  readonly change: Change
  readonly by: string
  readonly at: number
  /** Newest first. */
  readonly ops: readonly string[]
}

interface State {
  readonly id: string
  /** Number of changes that other users see; hiding is not one. */
  readonly changes: number
  readonly slots: Readonly<Record<string, Slot>>
}

/** Operations that a slot remembers: a repetition is recognised across as many later changes of that slot. */
const MAX_SLOT_OPS = 4
const BODY = 'body'
const DELETED = 'deleted'
/** Attempts of one write; each conflict means that another caller changed the same message. */
const MAX_WRITE_TRIES = 50

/**
 * Writes the operation into the record, once. Returns the amended state. Throws `deleted`, `reaction_limit`.
 */
export async function amend(
  chat: ChatContext,
  conversation: string,
  operation: Operation,
): Promise<Amendment> {
  const { target, at } = operation
  const late = chat.clock.now() - at > chat.limits.takeover / 2
  const overtaken = (slot: Slot): boolean => late && slot.at > at
  for (let tries = 0; tries < MAX_WRITE_TRIES; tries++) {
    const [record] = await chat.storage.amendments.read(conversation, [target.offset])
    const known = stateOf(record?.state, target.id)
    const version = record?.version ?? 0
    const state = applied(known, operation, chat.limits.reactions, overtaken)
    if (state === known) return viewOf(state)
    const written = { version: version + 1, state: JSON.stringify(state) }
    if (await chat.storage.amendments.write(conversation, target.offset, written, version, chat.logTtl))
      return viewOf(state)
  }
  throw new Error(`the record of message ${target.id} changed during each of ${MAX_WRITE_TRIES} writes`)
}

/** Messages as `user` reads them now: amended, without hidden and expired ones. */
export async function itemsFor(
  chat: ChatContext,
  conversation: string,
  user: string,
  messages: readonly { readonly offset: number; readonly message: Message }[],
): Promise<Item[]> {
  const now = chat.clock.now()
  const current = messages.filter(({ message }) => message.expiresAt === undefined || message.expiresAt > now)
  if (current.length === 0) return []
  const records = await chat.storage.amendments.read(
    conversation,
    current.map(({ offset }) => offset),
  )
  return current.flatMap(({ offset, message }, at) => {
    const state = stateOf(records[at]?.state, message.id)
    if (state.slots[`h:${user}`] !== undefined) return []
    return [{ ...message, ...viewOf(state), offset }]
  })
}

/** Ignores the record of another message, which remains from an earlier epoch. */
function stateOf(text: string | undefined, id: string): State {
  const state = text === undefined ? undefined : (JSON.parse(text) as State)
  return state?.id === id ? state : { id, changes: 0, slots: {} }
}

/** Returns the same object when the operation changes nothing. */
function applied(
  state: State,
  operation: Operation,
  mostReactions: number,
  overtaken: (slot: Slot) => boolean,
): State {
  const { change, by, at, op } = operation
  const name = slotName(operation)
  const slot = state.slots[name]
  if (slot?.ops.includes(op) === true) return state
  if (slot !== undefined && overtaken(slot)) return state
  if (slot !== undefined && (change.kind === 'delete' || change.kind === 'hide')) return state
  if (state.slots[DELETED] !== undefined && change.kind !== 'hide') throw new ChatError('deleted')
  if (change.kind === 'react' && slot === undefined) {
    if (!change.on) return state
    const reactions = Object.keys(state.slots).filter((key) => key.startsWith('r:')).length
    if (reactions >= mostReactions) throw new ChatError('reaction_limit')
  }
  const ops = [op, ...(slot?.ops ?? [])].slice(0, MAX_SLOT_OPS)
  const changes = state.changes + (change.kind === 'hide' ? 0 : 1)
  return { ...state, changes, slots: { ...state.slots, [name]: { change, by, at, ops } } }
}

function slotName({ change, by }: Operation): string {
  switch (change.kind) {
    case 'edit':
      return BODY
    case 'delete':
      return DELETED
    case 'hide':
      return `h:${by}`
    case 'react':
      return `r:${change.emoji}:${by}`
    default:
      return change satisfies never
  }
}

/** The record as other users see it. */
function viewOf(state: State): Amendment {
  const version = state.changes
  const { [BODY]: body, [DELETED]: deleted } = state.slots
  if (deleted !== undefined)
    return { version, body: '', mentions: [], deletedAt: deleted.at, deletedBy: deleted.by }
  const reactions = reactionsOf(state)
  return {
    version,
    ...(body?.change.kind === 'edit' && {
      body: body.change.body,
      mentions: [...body.change.mentions],
      editedAt: body.at,
    }),
    ...(Object.keys(reactions).length > 0 && { reactions }),
  }
}

function reactionsOf(state: State): Record<string, string[]> {
  const reactions: Record<string, string[]> = {}
  for (const { change, by } of Object.values(state.slots)) {
    if (change.kind !== 'react' || !change.on) continue
    const users = reactions[change.emoji] ?? []
    users.push(by)
    reactions[change.emoji] = users
  }
  return reactions
}
