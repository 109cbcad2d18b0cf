/** One device of a user, connected to a node by protocol frames. */
import type { SkeinNode } from '@skein/core'
import { settle, TestClient } from '@skein/core/testing'
import {
  decodeEnvelope,
  type StoredPublication,
  type SubscribeRequest,
  type SubscribeResult,
} from '@skein/protocol'
import type { ChatEvent } from '../events/chat-event.ts'
import type { ConversationView, Item, Target } from '../schema.ts'
import type { SendReply, SendRequest } from '../verbs/send.ts'

/** The system's clock, or a test's clock. */
export interface PersonClock {
  now(): number
  advance(ms: number): Promise<void>
}

export interface Heard {
  readonly channel: string
  /** Offset of the publication; 0: not kept. */
  readonly offset: number
  readonly event: ChatEvent
}

type Position = { readonly offset: number; readonly epoch: string }

export class Person {
  readonly user: string
  readonly device: string
  client: TestClient
  /** Pushed and recovered events over all connections, in order. */
  readonly log: Heard[] = []
  /** False after a failed recovery, which an SDK reports to the application. */
  recovered = true
  readonly #clock: PersonClock
  readonly #positions = new Map<string, Position>()
  readonly #subscribed = new Set<string>()
  #read = 0
  #lastId = 0

  private constructor(user: string, device: string, clock: PersonClock, client: TestClient) {
    this.user = user
    this.device = device
    this.#clock = clock
    this.client = client
  }

  static async connect(node: SkeinNode, clock: PersonClock, user: string, device = ''): Promise<Person> {
    const person = new Person(user, device, clock, open(node, clock, user))
    await person.#connect()
    return person
  }

  /** Reconnects as an SDK does, with the positions of all subscriptions. */
  async reconnect(node: SkeinNode): Promise<void> {
    this.#take()
    this.client = open(node, this.#clock, this.user)
    this.#read = 0
    await this.#connect()
    for (const channel of this.#subscribed) await this.subscribe(channel)
  }

  async #connect(): Promise<void> {
    const subs: Record<string, SubscribeRequest> = {}
    for (const [channel, position] of this.#positions) {
      if (!this.#subscribed.has(channel)) subs[channel] = { channel, recover: true, ...position }
    }
    const { user, device } = this
    const data = device === '' ? {} : { data: JSON.stringify({ device, deviceName: `${user}'s ${device}` }) }
    const pending = this.client.connect({ ...data, subs })
    await settle()
    const result = await pending
    for (const [channel, sub] of Object.entries(result.subs ?? {})) this.#begin(channel, sub)
    await settle()
  }

  /** Subscribes as an SDK does, with the known position. */
  async subscribe(channel: string): Promise<SubscribeResult> {
    const position = this.#positions.get(channel)
    const result = await this.client.call('subscribe', {
      channel,
      ...(position && { recover: true, ...position }),
    })
    this.#subscribed.add(channel)
    this.#begin(channel, result)
    return result
  }

  #begin(channel: string, result: SubscribeResult): void {
    const { offset = 0, epoch = '', publications = [], recoverable, wasRecovering, recovered } = result
    if (wasRecovering === true && recovered !== true) this.recovered = false
    if (recoverable === true) this.#positions.set(channel, { offset, epoch })
    for (const publication of publications) this.#hear(channel, publication)
  }

  #take(): void {
    const { pushes } = this.client
    for (; this.#read < pushes.length; this.#read++) {
      const push = pushes[this.#read]
      if (push?.kind === 'pub') this.#hear(push.channel, push)
      if (push?.kind === 'unsubscribe') this.#subscribed.delete(push.channel)
    }
  }

  #hear(channel: string, { offset, envelope }: StoredPublication): void {
    const known = this.#positions.get(channel)
    if (known !== undefined && offset > 0) this.#positions.set(channel, { ...known, offset })
    const data = decodeEnvelope(envelope, offset)?.data
    if (typeof data === 'string') this.log.push({ channel, offset, event: JSON.parse(data) as ChatEvent })
  }

  /** Calls a method. Rejects with the error of the reply. */
  async call<R>(method: string, request: object = {}): Promise<R> {
    const pending = this.client.call('rpc', { method: `chat.${method}`, data: JSON.stringify(request) })
    const { data } = await pending
    return JSON.parse(String(data)) as R
  }

  send(to: SendRequest['to'], body: string, more: Partial<SendRequest> = {}): Promise<SendReply> {
    const clientId = `${this.client.id}-${++this.#lastId}`
    return this.call('send', { to, body, clientId, ...more })
  }

  async history(conversation: string, more: object = {}): Promise<readonly Item[]> {
    return (await this.call<{ items: Item[] }>('history', { conversation, ...more })).items
  }

  conversation(conversation: string): Promise<ConversationView> {
    return this.call('conversation', { conversation })
  }

  edit(conversation: string, target: Target, body: string): Promise<unknown> {
    return this.call('edit', { conversation, target, body, clientId: `e${++this.#lastId}${this.client.id}` })
  }

  react(conversation: string, target: Target, emoji: string, on = true): Promise<unknown> {
    const clientId = `r${++this.#lastId}${this.client.id}`
    return this.call('react', { conversation, target, emoji, on, clientId })
  }

  /** `whose` is `me` or `all`. */
  delete(conversation: string, target: Target, whose: 'me' | 'all'): Promise<unknown> {
    const clientId = `d${++this.#lastId}${this.client.id}`
    return this.call('delete', { conversation, target, for: whose, clientId })
  }

  async createRoom(name: string, visibility = 'public'): Promise<string> {
    const clientId = `c${++this.#lastId}${this.client.id}`
    const { id } = await this.call<{ id: string }>('room.create', { name, visibility, clientId })
    return id
  }

  async heard(): Promise<readonly Heard[]> {
    await this.#clock.advance(50)
    this.#take()
    return this.log
  }

  async events<E extends ChatEvent['event']>(kind: E): Promise<Extract<ChatEvent, { event: E }>[]> {
    const all = await this.heard()
    return all.flatMap(({ event }) =>
      event.event === kind ? [event as Extract<ChatEvent, { event: E }>] : [],
    )
  }

  /** Bodies of the pushed messages. */
  async bodies(): Promise<string[]> {
    return (await this.events('message')).map(({ message }) => message.body)
  }

  /** Loses the connection without a close frame. */
  cut(): void {
    this.client.cut()
  }

  /** Closes the connection deliberately. */
  leave(): void {
    this.client.handle.onClosed(1000, 'bye')
  }
}

/** Replies to pings, as SDKs do. */
function open(node: SkeinNode, clock: PersonClock, user: string): TestClient {
  const client = new TestClient(node, { credentials: { user }, connectedAt: clock.now() })
  const { socket } = client
  const read = socket.onFrame
  socket.onFrame = (frame) => {
    read?.(frame)
    if (new TextDecoder().decode(frame.payload) === '{}') client.pong()
  }
  return client
}
