/**
 * What becomes of a message after it was sent. The log only grows; each change is an event in it for those who are there, and
 * is written into the message's record for those who come later. The record comes first, so a page read at some position
 * holds at least every change that the log tells of up to there.
 *
 * A record is a set of slots, each with the operation that set it last and a few before: work that is repeated after
 * others came (a node paused in the middle) finds itself there, and changes nothing. Work that is done late for the first
 * time gives way to what was done since; only then are times of different nodes compared, which differ by less.
 */
import type { ChatContext } from '../context.ts'
import { ChatError } from '../errors.ts'
import type { Amendment, Item, Message, Target } from '../schema.ts'

export type Change =
  | { readonly kind: 'edit'; readonly body: string; readonly mentions: readonly string[] }
  | { readonly kind: 'delete' }
  | { readonly kind: 'hide' }
  | { readonly kind: 'react'; readonly emoji: string; readonly on: boolean }

/** A change by somebody: `op` is the same whoever repeats it. */
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
  /** Changes that others see; hiding is none. */
  readonly changes: number
  readonly slots: Readonly<Record<string, Slot>>
}

/** Enough for work that was repeated while as many later changes came to the same slot. */
const REMEMBERED_OPS = 4
const BODY = 'body'
const DELETED = 'deleted'
/** Conflicts in a row: as many others changed the same message meanwhile. */
const TRIES = 50

/** Writes the operation into the record, once. Throws `deleted`, `reaction_limit`. Returns what became of the message. */
export async function amend(
  chat: ChatContext,
  conversation: string,
  operation: Operation,
): Promise<Amendment> {
  const { target, at } = operation
  const late = chat.clock.now() - at > chat.limits.takeover / 2
  const overtaken = (slot: Slot): boolean => late && slot.at > at
  for (let tries = 0; tries < TRIES; tries++) {
    const [record] = await chat.storage.amendments.read(conversation, [target.offset])
    const known = stateOf(record?.state, target.id)
    const version = record?.version ?? 0
    const state = applied(known, operation, chat.limits.reactions, overtaken)
    if (state === known) return viewOf(state)
    const written = { version: version + 1, state: JSON.stringify(state) }
    if (await chat.storage.amendments.write(conversation, target.offset, written, version, chat.logTtl))
      return viewOf(state)
  }
  throw new Error(`${TRIES} conflicts in a row on one message`)
}

/** Messages as they read now for `user`: amended, without what is hidden from them or over. */
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

/** A record of another message, left over from an earlier epoch, counts as none. */
function stateOf(text: string | undefined, id: string): State {
  const state = text === undefined ? undefined : (JSON.parse(text) as State)
  return state?.id === id ? state : { id, changes: 0, slots: {} }
}

/** The same object when the operation changes nothing. */
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
  const ops = [op, ...(slot?.ops ?? [])].slice(0, REMEMBERED_OPS)
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

/** The record as others see it. */
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
