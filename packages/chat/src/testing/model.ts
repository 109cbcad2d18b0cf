/**
 * Random operations of random users on several devices and nodes, with connection losses. At the end, every
 * device shows the same conversation from its events as the server's history and the model do.
 */

import type { SkeinNode } from '@skein/core'
import fc from 'fast-check'
import { expect } from 'vitest'
import { directChannel } from '../conversation/conversation.ts'
import type { Item } from '../schema.ts'
import { conversationOf } from './client-state.ts'
import type { Person } from './person.ts'

const LOG = directChannel('ann', 'bob')
export const DEVICES = [
  ['ann', 'phone'],
  ['ann', 'desk'],
  ['bob', 'phone'],
  ['bob', 'desk'],
] as const
export const NODES = 3
const EMOJI = ['👍', '🎉', '❤️']

interface Picked<K extends string> {
  readonly kind: K
  readonly device: number
  readonly pick: number
}
interface Reaction extends Picked<'react'> {
  readonly emoji: number
  readonly on: boolean
}
type Amending = Picked<'edit'> | Picked<'deleteAll'> | Reaction
type Acting =
  | { readonly kind: 'send'; readonly device: number }
  | { readonly kind: 'repeat'; readonly device: number }
  | Picked<'deleteMe'>
  | Picked<'read'>
  | Picked<'delivered'>
  | Amending
export type Op =
  | Acting
  | { readonly kind: 'cut'; readonly device: number }
  | { readonly kind: 'back'; readonly device: number; readonly node: number }
  | { readonly kind: 'lose'; readonly every: number }
  | { readonly kind: 'wait'; readonly ms: number }

const device = fc.nat(DEVICES.length - 1)
const pick = fc.nat(99)
const picked = <K extends string>(kind: K) => fc.record({ kind: fc.constant(kind), device, pick })
const plain = <K extends string>(kind: K) => fc.record({ kind: fc.constant(kind), device })
export const operation: fc.Arbitrary<Op> = fc.oneof(
  { weight: 6, arbitrary: plain('send') },
  { weight: 1, arbitrary: plain('repeat') },
  { weight: 2, arbitrary: picked('edit') },
  { weight: 1, arbitrary: picked('deleteAll') },
  { weight: 1, arbitrary: picked('deleteMe') },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('react'), device, pick, emoji: fc.nat(2), on: fc.boolean() }),
  },
  { weight: 2, arbitrary: picked('read') },
  { weight: 1, arbitrary: picked('delivered') },
  { weight: 2, arbitrary: plain('cut') },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('back'), device, node: fc.nat(NODES - 1) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lose'), every: fc.integer({ min: 2, max: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait'), ms: fc.nat(3000) }) },
)

/** The expected state, updated with each operation. */
class Model {
  readonly sent: {
    id: string
    offset: number
    from: string
    clientId: string
    body: string
    deleted: boolean
  }[] = []
  readonly read = new Map<string, number>()
  readonly hidden = new Set<string>()

  of(at: number) {
    return this.sent.length === 0 ? undefined : this.sent[at % this.sent.length]
  }

  unread(user: string): number {
    const from = this.read.get(user) ?? 0
    return this.sent.filter(
      (message) =>
        message.from !== user &&
        message.offset > from &&
        !message.deleted &&
        !this.hidden.has(`${user} ${message.id}`),
    ).length
  }
}

/** The cluster under test. */
export interface ModelWorld {
  node(at: number): SkeinNode
  elapse(ms: number): Promise<void>
  /** Makes the bus lose publications, where it can; without argument it stops losing them. */
  lose(every?: number): void
  /** Waits until lost publications are recovered and events have arrived. */
  settle(): Promise<void>
}

export class ModelRun {
  readonly model = new Model()
  readonly #world: ModelWorld
  readonly #devices: Person[]
  readonly #online = new Set<number>()
  #count = 0

  constructor(world: ModelWorld, devices: Person[]) {
    this.#world = world
    this.#devices = devices
    for (const at of devices.keys()) this.#online.add(at)
  }

  async do(op: Op): Promise<void> {
    if (op.kind === 'lose') return this.#world.lose(op.every)
    if (op.kind === 'wait') return this.#world.elapse(op.ms)
    const person = this.#devices[op.device]
    if (person === undefined) return
    if (op.kind === 'back') return this.#back(op.device, person, op.node)
    if (!this.#online.has(op.device)) return
    if (op.kind === 'cut') {
      person.cut()
      this.#online.delete(op.device)
      return
    }
    await this.#act(op, person)
  }

  async #back(at: number, person: Person, node: number): Promise<void> {
    if (this.#online.has(at)) return
    await person.reconnect(this.#world.node(node))
    this.#online.add(at)
  }

  async #act(op: Acting, person: Person): Promise<void> {
    if (op.kind === 'send') return this.#send(person, `c${++this.#count}`, `message ${this.#count}`)
    if (op.kind === 'repeat') {
      const own = this.model.sent.findLast(({ from }) => from === person.user)
      if (own === undefined) return
      const again = await person.send(peerOf(person), 'ignored', { clientId: own.clientId })
      expect(again).toMatchObject({ id: own.id, offset: own.offset, duplicate: true })
      return
    }
    const message = this.model.of(op.pick)
    if (message === undefined) return
    const target = { id: message.id, offset: message.offset }
    if (op.kind === 'read') {
      await person.call('read', { conversation: LOG, offset: message.offset })
      this.model.read.set(person.user, Math.max(message.offset, this.model.read.get(person.user) ?? 0))
    } else if (op.kind === 'delivered') {
      await person.call('delivered', { conversation: LOG, offset: message.offset })
    } else if (op.kind === 'deleteMe') {
      await person.delete(LOG, target, 'me')
      this.model.hidden.add(`${person.user} ${message.id}`)
    } else await this.#amend(op, person, message)
  }

  async #amend(op: Amending, person: Person, message: Model['sent'][number]): Promise<void> {
    const target = { id: message.id, offset: message.offset }
    const own = message.from === person.user
    const body = `edit ${++this.#count}`
    const act =
      op.kind === 'edit'
        ? person.edit(LOG, target, body)
        : op.kind === 'deleteAll'
          ? person.delete(LOG, target, 'all')
          : person.react(LOG, target, EMOJI[op.emoji] ?? '👍', op.on)
    const refused =
      op.kind !== 'react' && !own ? 421 : message.deleted && op.kind !== 'deleteAll' ? 422 : undefined
    if (refused !== undefined) return expect(act).rejects.toMatchObject({ code: refused })
    await act
    if (op.kind === 'edit') message.body = body
    if (op.kind === 'deleteAll') Object.assign(message, { deleted: true, body: '' })
  }

  async #send(person: Person, clientId: string, body: string): Promise<void> {
    const { id, offset } = await person.send(peerOf(person), body, { clientId })
    this.model.sent.push({ id, offset, from: person.user, clientId, body, deleted: false })
  }

  /** Reconnects all devices and stops losses; the next position check recovers lost publications. */
  async end(): Promise<void> {
    this.#world.lose()
    for (const [at, person] of this.#devices.entries()) await this.#back(at, person, at % NODES)
    await this.#world.settle()
  }

  async check(): Promise<void> {
    for (const person of this.#devices) {
      expect(person.recovered).toBe(true)
      const shown = conversationOf(await person.heard(), LOG, person.user)
      const served = await person.history(LOG, { limit: 100 })
      expect(shown.map(essence)).toEqual(served.map(essence))
      const expected = this.model.sent.filter(({ id }) => !this.model.hidden.has(`${person.user} ${id}`))
      expect(served.map(({ id, body }) => ({ id, body }))).toEqual(
        expected.map(({ id, body }) => ({ id, body })),
      )
      const { unread, read } = await person.conversation(LOG)
      expect({ unread, read }).toEqual({
        unread: this.model.unread(person.user),
        read: this.model.read.get(person.user) ?? 0,
      })
    }
  }
}

const peerOf = ({ user }: Person) => ({ user: user === 'ann' ? 'bob' : 'ann' })

const essence = ({ id, offset, body, version, reactions = {}, deletedAt }: Item) => ({
  id,
  offset,
  body,
  version,
  reactions,
  deleted: deletedAt !== undefined,
})
