/**
 * Commands that wait on one connection. They are handled one at a time, in order, except that publishes in a
 * row run concurrently and are answered in order. Above the bound the node stops reading the socket until
 * half of the commands are handled: TCP slows the client and nothing is lost. One read (64 KiB of frames) may
 * exceed the bound.
 */
import { because, CLOSE, type CloseCode, type Command } from '@skein/protocol'
import type { ClientView } from '../hooks.ts'
import type { OutboxContext } from '../outbox/context.ts'
import type { Socket } from '../socket.ts'
import { Queue } from '../util/queue.ts'

const MAX_CONCURRENT_PUBLISHES = 64

/** The part of a connection that its inbox uses. */
export interface InboxOwner extends ClientView {
  readonly open: boolean
  readonly socket: Pick<Socket, 'pause' | 'resume'>
  readonly heartbeat: { pong(): void }
  dispatch(command: Command, more: boolean, before?: Promise<void>): Promise<void>
  onInboxEmpty(): void
  refuse(close: CloseCode): void
}

/** The part of the node that inboxes use. */
export type InboxContext = Pick<OutboxContext, 'events' | 'limits'>

export class Inbox {
  readonly #node: InboxContext
  readonly #connection: InboxOwner
  readonly #waiting = new Queue<Command>()
  #malformed: string | undefined
  #running = false
  #paused = false
  /** The broker does not have the last publish yet. */
  #held = false

  constructor(node: InboxContext, connection: InboxOwner) {
    this.#node = node
    this.#connection = connection
  }

  /**
   * `malformed`: why the bytes behind the commands are no command; the connection closes once the commands
   * are handled.
   */
  add(commands: readonly Command[], malformed: string | undefined): void {
    if (this.#malformed !== undefined) return
    this.#malformed = malformed
    for (const command of commands) {
      if (command.verb === 'pong') this.#connection.heartbeat.pong()
      else this.#waiting.push(command)
    }
    if (this.#waiting.size > this.#node.limits.inboxCommands) this.#pause()
    if (!this.#running) void this.#run()
  }

  /** Awaits a decision about the command that is being handled. Until its answer no other command begins. */
  keepOrder<T>(decision: Promise<T>): Promise<T> {
    this.#held = true
    return decision
  }

  clear(): void {
    this.#waiting.clear()
    this.#malformed = undefined
  }

  async #run(): Promise<void> {
    this.#running = true
    for (let command = this.#waiting.shift(); command !== undefined; command = this.#waiting.shift()) {
      await this.#begin(command)
      if (!this.#connection.open) break
      if (this.#paused && this.#waiting.size <= this.#node.limits.inboxCommands / 2) this.#resume()
    }
    this.#running = false
    this.#connection.onInboxEmpty()
    if (this.#malformed !== undefined) this.#connection.refuse(because(CLOSE.badRequest, this.#malformed))
  }

  /**
   * Begins a command, and with a publish those behind it: the broker keeps their order. Resolves when all are
   * answered.
   */
  #begin(command: Command): Promise<void> {
    let last = this.#dispatch(command)
    if (command.verb !== 'publish') return last
    for (let count = 1; count < MAX_CONCURRENT_PUBLISHES && !this.#held && this.#connection.open; count++) {
      const next = this.#waiting.peek()
      if (next?.verb !== 'publish') break
      this.#waiting.shift()
      last = this.#dispatch(next, last)
    }
    return last
  }

  #dispatch(command: Command, before?: Promise<void>): Promise<void> {
    this.#held = false
    return this.#connection.dispatch(command, this.#waiting.size > 0, before)
  }

  #pause(): void {
    if (this.#paused) return
    this.#paused = true
    this.#node.events.emit('overflow', { queue: 'inbox', policy: 'pause', client: this.#connection })
    this.#connection.socket.pause()
  }

  #resume(): void {
    this.#paused = false
    this.#connection.socket.resume()
  }
}
