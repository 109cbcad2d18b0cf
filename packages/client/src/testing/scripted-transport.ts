/** A transport that a test scripts call by call. */
import type { Calls, Method } from '../calls.ts'
import type { Subscribed, Transport, TransportListener } from '../connection/transport.ts'
import type { Position } from '../wire/shapes.ts'

interface Held {
  readonly method: string
  readonly request: object
  readonly resolve: (reply: unknown) => void
  readonly reject: (error: unknown) => void
}

/** The error of a call whose connection closes, as the SDK has it. */
export const CONNECTION_CLOSED = { code: 11, message: 'connection closed' }

const LIVE: Subscribed = { recovering: false, recovered: false }

export class ScriptedTransport implements Transport {
  /** Calls without a reply. */
  readonly held: Held[] = []
  /** All calls. */
  readonly made: { readonly method: string; readonly request: object }[] = []
  readonly subscriptions = new Map<string, Position | undefined>()
  #listener: TransportListener | undefined
  readonly #user: string

  constructor(user: string) {
    this.#user = user
  }

  listen(listener: TransportListener): void {
    this.#listener = listener
  }

  connect(): void {
    this.#receiver.connecting(false)
  }

  disconnect(): void {
    this.#drop()
    this.#receiver.disconnected(0, 'disconnect called')
  }

  call(method: string, request: object): Promise<unknown> {
    this.made.push({ method, request })
    return new Promise((resolve, reject) => this.held.push({ method, request, resolve, reject }))
  }

  subscribe(channel: string, since: Position | undefined): void {
    this.subscriptions.set(channel, since)
  }

  unsubscribe(channel: string): void {
    this.subscriptions.delete(channel)
  }

  // ── the script ──

  /** Connects; the inbox delivers `missed`. */
  async up(how: Subscribed = LIVE, missed: readonly unknown[] = []): Promise<void> {
    this.#receiver.connected()
    this.#receiver.subscribed(`#${this.#user}`, how)
    for (const event of missed) this.#receiver.publication(`#${this.#user}`, event, 1)
    await turn()
  }

  async down(): Promise<void> {
    this.#drop()
    this.#receiver.connecting(true)
    await turn()
  }

  async ended(code: number, reason: string): Promise<void> {
    this.#drop()
    this.#receiver.disconnected(code, reason)
    await turn()
  }

  async live(channel: string, how: Subscribed = LIVE): Promise<void> {
    this.#receiver.subscribed(channel, how)
    await turn()
  }

  async gone(channel: string, code: number): Promise<void> {
    this.subscriptions.delete(channel)
    this.#receiver.unsubscribed(channel, code)
    await turn()
  }

  async push(channel: string, event: unknown, offset = 0): Promise<void> {
    this.#receiver.publication(channel, event, offset)
    await turn()
  }

  /** Replies to the first held call of this method. Throws when there is none. */
  async answer<M extends Method>(method: M, reply: Calls[M]['reply']): Promise<object> {
    const call = this.#take(method)
    call.resolve(reply)
    await turn()
    return call.request
  }

  async refuse(method: Method, error: { code: number; message: string; temporary?: boolean }): Promise<void> {
    this.#take(method).reject(error)
    await turn()
  }

  holds(method: Method): boolean {
    return this.held.some((call) => call.method === method)
  }

  #take(method: Method): Held {
    const at = this.held.findIndex((call) => call.method === method)
    const [call] = at < 0 ? [] : this.held.splice(at, 1)
    if (call === undefined)
      throw new Error(`no call of ${method} is held, only ${this.held.map((held) => held.method)}`)
    return call
  }

  #drop(): void {
    for (const call of this.held.splice(0)) call.reject(CONNECTION_CLOSED)
  }

  get #receiver(): TransportListener {
    if (this.#listener === undefined) throw new Error('the transport has no listener')
    return this.#listener
  }
}

/** Runs all continuations of settled promises. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
