/**
 * Commands waiting on one connection: handled one at a time, in order, except that publishes in a row are under way together. Above the bound the socket is not read until half
 * of them are done, so the client is slowed by TCP itself and loses nothing. The bound is soft by what one read may hold
 * (64 KiB of frames).
 */
import { because, CLOSE, type CloseCode, type Command } from '@skein/protocol'
import type { ClientView } from '../hooks.ts'
import type { OutboxContext } from '../outbox/context.ts'
import type { Socket } from '../socket.ts'
import { Queue } from '../util/queue.ts'

const MAX_CONCURRENT_PUBLISHES = 64

/** What an inbox needs of its connection. */
export interface InboxOwner extends ClientView {
  readonly open: boolean
  readonly socket: Pick<Socket, 'pause' | 'resume'>
  readonly heartbeat: { pong(): void }
  dispatch(command: Command, more: boolean, before?: Promise<void>): Promise<void>
  onInboxEmpty(): void
  refuse(close: CloseCode): void
}

export class Inbox {
  readonly #node: Pick<OutboxContext, 'events' | 'limits'>
  readonly #connection: InboxOwner
  readonly #waiting = new Queue<Command>()
  #broken: string | undefined
  #running = false
  #paused = false
  /** The broker does not have the publish that was begun last. */
  #held = false

  constructor(node: Pick<OutboxContext, 'events' | 'limits'>, connection: InboxOwner) {
    this.#node = node
    this.#connection = connection
  }

  /** `broken`: what came behind the commands was no command; the connection ends once they are handled. */
  add(commands: readonly Command[], broken: string | undefined): void {
    if (this.#broken !== undefined) return
    this.#broken = broken
    for (const command of commands) {
      if (command.verb === 'pong') this.#connection.heartbeat.pong()
      else this.#waiting.push(command)
    }
    if (this.#waiting.size > this.#node.limits.inboxCommands) this.#pause()
    if (!this.#running) void this.#run()
  }

  /** Waits for a decision about the command that is being begun. No other command begins before this one is answered. */
  keepOrder<T>(decision: Promise<T>): Promise<T> {
    this.#held = true
    return decision
  }

  clear(): void {
    this.#waiting.clear()
    this.#broken = undefined
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
    if (this.#broken !== undefined) this.#connection.refuse(because(CLOSE.badRequest, this.#broken))
  }

  /** Begins a command, and consecutive publishes with it, since the broker keeps their order. Resolves when all are handled. */
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
