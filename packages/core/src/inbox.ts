/**
 * Commands waiting on one connection: handled one at a time, in order. Above the bound the socket is not read until half
 * of them are done, so the client is slowed by TCP itself and loses nothing. The bound is soft by what one read may hold
 * (64 KiB of frames).
 */
import { because, CLOSE, type Command } from '@skein/protocol'
import type { Connection } from './connection.ts'
import { dispatch } from './dispatch.ts'
import type { NodeContext } from './node-context.ts'

export class Inbox {
  readonly #node: NodeContext
  readonly #connection: Connection
  #waiting: Command[] = []
  #broken: string | undefined
  #running = false
  #paused = false

  constructor(node: NodeContext, connection: Connection) {
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

  clear(): void {
    this.#waiting = []
    this.#broken = undefined
  }

  async #run(): Promise<void> {
    this.#running = true
    for (let at = 0; at < this.#waiting.length; ) {
      const command = this.#waiting[at++]
      if (command === undefined) break
      if (at * 2 > this.#waiting.length) {
        // Dropping what is done once it is the larger half keeps each shift O(1) on average.
        this.#waiting = this.#waiting.slice(at)
        at = 0
      }
      const done = dispatch(this.#node, this.#connection, command, this.#waiting.length > at)
      if (done !== undefined) await done
      if (!this.#connection.open) break
      if (this.#paused && this.#waiting.length - at <= this.#node.limits.inboxCommands / 2) this.#resume()
    }
    this.#running = false
    this.#connection.onInboxEmpty()
    if (this.#broken !== undefined) this.#connection.refuse(because(CLOSE.badRequest, this.#broken))
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
