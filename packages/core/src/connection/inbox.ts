/**
 * Commands waiting on one connection: handled one at a time, in order, except that publishes in a row are under way together. Above the bound the socket is not read until half
 * of them are done, so the client is slowed by TCP itself and loses nothing. The bound is soft by what one read may hold
 * (64 KiB of frames).
 */
import { because, CLOSE, type CloseCode, type Command } from '@skein/protocol'
import type { ClientView } from '../hooks.ts'
import type { OutboxContext } from '../outbox/context.ts'
import type { Socket } from '../socket.ts'

/** Publishes of one connection that are under way together, at most. */
const TOGETHER = 64

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
  #waiting: Command[] = []
  /** Those before it are done. */
  #at = 0
  #broken: string | undefined
  #running = false
  #paused = false
  /** The publish that was begun last is not with the broker yet. */
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
    if (this.#waiting.length > this.#node.limits.inboxCommands) this.#pause()
    if (!this.#running) void this.#run()
  }

  /** A hook takes its time about the command that is being begun, and the next publish must not overtake it. */
  hold(): void {
    this.#held = true
  }

  clear(): void {
    this.#waiting = []
    this.#at = 0
    this.#broken = undefined
  }

  async #run(): Promise<void> {
    this.#running = true
    for (let command = this.#next(); command !== undefined; command = this.#next()) {
      await this.#begin(command)
      if (!this.#connection.open) break
      if (this.#paused && this.#waiting.length - this.#at <= this.#node.limits.inboxCommands / 2)
        this.#resume()
    }
    this.#running = false
    this.#connection.onInboxEmpty()
    if (this.#broken !== undefined) this.#connection.refuse(because(CLOSE.badRequest, this.#broken))
  }

  #next(): Command | undefined {
    const command = this.#waiting[this.#at++]
    if (this.#at * 2 > this.#waiting.length) {
      // Dropping what is done once it is the larger half keeps each shift O(1) on average.
      this.#waiting = this.#waiting.slice(this.#at)
      this.#at = 0
    }
    return command
  }

  /** Begins a command, and consecutive publishes with it, since the broker keeps their order. Resolves when all are handled. */
  #begin(command: Command): Promise<void> {
    let last = this.#dispatch(command)
    if (command.verb !== 'publish') return last
    for (let count = 1; count < TOGETHER && !this.#held && this.#connection.open; count++) {
      const next = this.#waiting[this.#at]
      if (next?.verb !== 'publish') break
      this.#next()
      last = this.#dispatch(next, last)
    }
    return last
  }

  #dispatch(command: Command, before?: Promise<void>): Promise<void> {
    this.#held = false
    return this.#connection.dispatch(command, this.#more, before)
  }

  get #more(): boolean {
    return this.#waiting.length > this.#at
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
