/** Shared by the plain peers: rooms in this process, Redis Pub/Sub between processes. */
import { Redis } from 'ioredis'

/** A socket that can be written to: `ws`'s own. */
export interface Receiver {
  send(text: string): void
}

export class Rooms<R extends Receiver> {
  readonly #rooms = new Map<string, Set<R>>()
  readonly #publisher: Redis
  readonly #subscriber: Redis

  constructor(url: string) {
    this.#publisher = new Redis(url)
    this.#subscriber = new Redis(url)
    this.#subscriber.on('message', (room: string, text: string) => {
      for (const receiver of this.#rooms.get(room) ?? []) receiver.send(text)
    })
  }

  async join(room: string, receiver: R): Promise<void> {
    const members = this.#rooms.get(room)
    if (members !== undefined) {
      members.add(receiver)
      return
    }
    this.#rooms.set(room, new Set([receiver]))
    await this.#subscriber.subscribe(room)
  }

  leave(room: string, receiver: R): void {
    const members = this.#rooms.get(room)
    members?.delete(receiver)
    if (members?.size !== 0) return
    this.#rooms.delete(room)
    void this.#subscriber.unsubscribe(room)
  }

  /** Resolves once Redis has it. */
  publish(room: string, data: unknown): Promise<unknown> {
    return this.#publisher.publish(room, JSON.stringify(data))
  }
}

/** `{"join":room}` or `{"room":room,"data":…}`, the messages of `load/dialects/plain.ts`. */
export interface PlainMessage {
  readonly join?: string
  readonly room?: string
  readonly data?: unknown
}
