/** A client of the simulation: `test/chaos/load/bare-client.ts` without a socket, on simulated time. */

import type { ConnectionHandle, Frame, SkeinNode, Socket } from '@skein/core'
import {
  type CloseCode,
  type Command,
  codecOf,
  decodeEnvelope,
  type Reply,
  type ServerMessage,
} from '@skein/protocol'
import type { Checker } from '@skein/testkit'
import type { Random } from './random.ts'
import type { Process, Timeline } from './timeline.ts'

/** The nodes that a client may connect to. */
export interface Server {
  readonly node: SkeinNode
  readonly process: Process
}

const CONNECT = 1
const CODEC = codecOf('json')
/** A client drops a connection after this time without a message: the ping interval and some margin, ms. */
const SILENCE = 12_000

export class SimulatedClient {
  readonly name: string
  id = ''
  readonly #channels: readonly string[]
  readonly #pick: () => Server | undefined
  readonly #timeline: Timeline
  readonly #random: Random
  readonly #checker: Checker
  readonly #positions = new Map<string, { epoch: string; offset: number }>()
  readonly #subscribed = new Set<string>()
  readonly #asked = new Map<number, string>()
  #connection: Connection | undefined
  #lastId = CONNECT
  #away = true

  constructor(
    name: string,
    channels: readonly string[],
    pick: () => Server | undefined,
    timeline: Timeline,
    random: Random,
    checker: Checker,
  ) {
    this.name = name
    this.#channels = channels
    this.#pick = pick
    this.#timeline = timeline
    this.#random = random
    this.#checker = checker
  }

  get live(): boolean {
    return this.#subscribed.size === this.#channels.length
  }

  /** Connects, unless it is connected or connecting. */
  comeBack(): void {
    if (!this.#away) return
    this.#away = false
    this.#checker.add({ kind: 'returned', at: this.#timeline.now, client: this.name })
    this.#dial()
  }

  /** The network drops its connection without a notice to either side. */
  cut(): void {
    if (this.#away) return
    this.#away = true
    this.#lose(1006)
  }

  rest(): void {
    this.#checker.add({ kind: 'rested', at: this.#timeline.now, client: this.name, live: this.live })
  }

  stands(channel: string, epoch: string, offset: number): boolean {
    const position = this.#positions.get(channel)
    return this.live && position?.epoch === epoch && position.offset >= offset
  }

  #dial(): void {
    const server = this.#pick()
    if (server === undefined) {
      this.#dialLater()
      return
    }
    const connection = new Connection(server, this.#timeline, this.#random, {
      onFrame: (bytes) => {
        if (connection === this.#connection) this.#onBytes(bytes)
      },
      onClosed: (code) => {
        if (connection === this.#connection) this.#onClosed(code)
      },
    })
    this.#connection = connection
    connection.open(this.name)
    this.#send([{ id: CONNECT, verb: 'connect', request: {} }])
  }

  #dialLater(): void {
    this.#timeline.after(100 + this.#random() * 400, () => {
      if (!this.#away && this.#connection === undefined) this.#dial()
    })
  }

  #onBytes(bytes: Uint8Array): void {
    const decoded = CODEC.decodeReplies(bytes)
    for (const message of decoded.messages) this.#take(message)
    if (!decoded.ok) this.#broken(`unreadable: ${decoded.reason}`)
  }

  #take(message: ServerMessage): void {
    if (message.kind === 'reply') {
      this.#answered(message.reply)
      return
    }
    const { push } = message
    if (push.kind === 'pub') this.#delivered(push.channel, push.offset, push.envelope)
    else if (push.kind === 'ping') this.#send([{ id: 0, verb: 'pong' }])
    else if (push.kind === 'unsubscribe') this.#unsubscribed(push.channel, push.code)
  }

  #answered(reply: Reply): void {
    if (reply.id === CONNECT) {
      if (reply.verb !== 'connect') this.#onClosed(1006)
      else {
        this.id = reply.result.client
        this.#send(this.#channels.map((channel) => this.#subscription(channel)))
      }
      return
    }
    const channel = this.#asked.get(reply.id)
    this.#asked.delete(reply.id)
    if (channel === undefined) return
    if (reply.verb === 'subscribe') this.#onSubscribed(channel, reply.result)
    else this.#subscribeLater(channel, 200)
  }

  #onSubscribed(channel: string, result: Extract<Reply, { verb: 'subscribe' }>['result']): void {
    const { epoch = '', offset = 0, recovered, wasRecovering, publications = [] } = result
    this.#subscribed.add(channel)
    this.#positions.set(channel, { epoch, offset })
    const asked = wasRecovering === true ? { recovered: recovered === true } : {}
    const where = { client: this.name, channel, epoch, offset, ...asked }
    this.#checker.add({ kind: 'subscribed', at: this.#timeline.now, ...where })
    for (const publication of publications) this.#delivered(channel, publication.offset, publication.envelope)
  }

  #delivered(channel: string, offset: number, envelope: Parameters<typeof decodeEnvelope>[0]): void {
    const position = this.#positions.get(channel)
    if (position !== undefined) position.offset = offset
    const id = JSON.parse(String(decodeEnvelope(envelope, offset)?.data)) as string
    const what = { client: this.name, channel, offset, id, sent: this.#timeline.now }
    this.#checker.add({ kind: 'delivered', at: this.#timeline.now, ...what })
  }

  #unsubscribed(channel: string, code: number): void {
    this.#subscribed.delete(channel)
    if (code < 2500) this.#broken(`unsubscribed with ${code}`)
    else this.#subscribeLater(channel, 0)
  }

  #subscribeLater(channel: string, ms: number): void {
    const connection = this.#connection
    this.#timeline.after(ms, () => {
      if (connection === this.#connection && !this.#subscribed.has(channel)) {
        this.#send([this.#subscription(channel)])
      }
    })
  }

  #subscription(channel: string): Command {
    const id = ++this.#lastId
    this.#asked.set(id, channel)
    const position = this.#positions.get(channel)
    const recover = position === undefined ? {} : { recover: true, ...position }
    return { id, verb: 'subscribe', request: { channel, ...recover } }
  }

  #onClosed(code: number): void {
    if (code >= 3500) this.#broken(`closed with ${code}`)
    this.#lose(code)
    this.#dialLater()
  }

  #lose(code: number): void {
    const connection = this.#connection
    this.#connection = undefined
    this.#subscribed.clear()
    this.#asked.clear()
    this.#checker.add({ kind: 'left', at: this.#timeline.now, client: this.name, own: this.#away, code })
    connection?.drop(code)
  }

  #send(commands: readonly Command[]): void {
    this.#connection?.send(CODEC.join(commands.map((command) => CODEC.encodeCommand(command))))
  }

  #broken(what: string): void {
    this.#checker.add({ kind: 'broken', at: this.#timeline.now, client: this.name, what })
  }
}

interface Ears {
  readonly onFrame: (bytes: Uint8Array) => void
  readonly onClosed: (code: number) => void
}

/**
 * TCP between a client and a node's process: bytes take time, keep their order, and wait while the process is
 * paused.
 */
class Connection implements Socket {
  readonly bufferedAmount = 0
  readonly #server: Server
  readonly #timeline: Timeline
  readonly #random: Random
  readonly #ears: Ears
  #handle: ConnectionHandle | undefined
  #lastUp = 0
  #lastDown = 0
  #heardAt: number
  #over = false

  constructor(server: Server, timeline: Timeline, random: Random, ears: Ears) {
    this.#server = server
    this.#timeline = timeline
    this.#random = random
    this.#ears = ears
    this.#heardAt = timeline.now
    this.#listen()
  }

  open(user: string): void {
    this.#up(() => {
      const { node, process } = this.#server
      if (process.dead) return
      this.#handle = node.accept(this, {
        encoding: 'json',
        requestId: '',
        remoteAddress: '127.0.0.1',
        userAgent: '',
        origin: '',
        connectedAt: 0,
        framePing: false,
        credentials: { user },
      })
    })
  }

  /** The client's bytes to the node. */
  send(bytes: Uint8Array | Frame): void {
    if (bytes instanceof Uint8Array) this.#up(() => this.#handle?.onMessage(bytes, false))
    else {
      this.#down(() => {
        this.#heardAt = this.#timeline.now
        this.#ears.onFrame(bytes.payload)
      })
    }
  }

  /** The node closes. */
  close({ code, reason }: CloseCode): void {
    queueMicrotask(() => this.#handle?.onClosed(code, reason))
    this.#down(() => this.#end(code))
  }

  /** The client closes, or the network drops: the node learns it later. */
  drop(code: number): void {
    if (this.#over) return
    this.#over = true
    this.#up(() => this.#handle?.onClosed(code, ''))
  }

  pause(): void {
    this.#heardAt = this.#timeline.now
  }

  resume(): void {
    this.#heardAt = this.#timeline.now
  }

  #up(what: () => void): void {
    this.#lastUp = Math.max(this.#lastUp, this.#timeline.now + this.#random() * 3)
    this.#timeline.after(this.#lastUp - this.#timeline.now, () => this.#server.process.run(what))
  }

  #down(what: () => void): void {
    this.#lastDown = Math.max(this.#lastDown, this.#timeline.now + this.#random() * 3)
    this.#timeline.after(this.#lastDown - this.#timeline.now, () => {
      if (!this.#over) what()
    })
  }

  /** The kernel of a dead process resets at once; a paused process is detected by its silence only. */
  #listen(): void {
    this.#timeline.after(500, () => {
      if (this.#over) return
      const silent = this.#timeline.now - this.#heardAt > SILENCE
      if (silent || this.#server.process.dead) this.#end(1006)
      else this.#listen()
    })
  }

  #end(code: number): void {
    if (this.#over) return
    this.#ears.onClosed(code)
    this.drop(code)
  }
}
