/**
 * Connections of the peers that know their users. The first message carries a token; the session is in
 * Redis, under its user and in the index of its server, before the client gets its reply. A publication
 * carries its author and time, and is acknowledged once Redis has it. The messages are those of the
 * Centrifuge protocol, which the load generator speaks.
 */
import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import type { WebSocket } from 'ws'
import { Rooms } from './sub-pub.ts'

interface Message {
  readonly id: number
  readonly connect?: { readonly token: string }
  readonly subscribe?: { readonly channel: string }
  readonly publish?: { readonly channel: string; readonly data: unknown }
}

interface Session {
  readonly id: string
  readonly user: string
}

export interface SessionsOptions {
  readonly redisUrl: string
  /** Seconds between heartbeats; 0: none. */
  readonly ping: number
  /** The user of a valid token; `undefined` for every other. */
  readonly verify: (token: string) => string | undefined
}

export class Sessions {
  readonly #redis: Redis
  readonly #rooms: Rooms<WebSocket>
  readonly #node = randomUUID()
  readonly #options: SessionsOptions

  constructor(options: SessionsOptions) {
    this.#options = options
    this.#redis = new Redis(options.redisUrl)
    this.#rooms = new Rooms<WebSocket>(options.redisUrl)
  }

  accept(socket: WebSocket): void {
    let session: Session | undefined
    let joined: string | undefined
    let alive = true
    let heartbeat: NodeJS.Timeout | undefined
    const { ping } = this.#options
    // As in the README of `ws`: a client that misses a heartbeat is terminated.
    const beat = () => {
      if (!alive) return socket.terminate()
      alive = false
      socket.send('{}')
    }
    const receive = async ({ id, connect, subscribe, publish }: Message): Promise<void> => {
      if (connect !== undefined) {
        session = await this.#open(socket, id, connect.token)
        if (session !== undefined && ping > 0) heartbeat = setInterval(beat, ping * 1000)
      } else if (subscribe !== undefined && session !== undefined) {
        joined = subscribe.channel
        await this.#rooms.join(joined, socket)
        socket.send(JSON.stringify({ id, subscribe: {} }))
      } else if (publish !== undefined && session !== undefined) {
        await this.#publish(session, publish.channel, publish.data)
        socket.send(JSON.stringify({ id, publish: {} }))
      } else alive = true
    }
    socket.on('message', (bytes: Buffer) => void receive(JSON.parse(bytes.toString()) as Message))
    socket.on('close', () => {
      clearInterval(heartbeat)
      if (joined !== undefined) this.#rooms.leave(joined, socket)
      if (session !== undefined) void this.#remove(session)
    })
  }

  async #open(socket: WebSocket, id: number, token: string): Promise<Session | undefined> {
    const { ping, verify } = this.#options
    const user = verify(token)
    if (user === undefined) {
      socket.close(3500, 'invalid token')
      return undefined
    }
    const session = { id: randomUUID(), user }
    await this.#store(session)
    socket.send(JSON.stringify({ id, connect: { client: session.id, ping, pong: ping > 0 } }))
    return session
  }

  async #publish({ id, user }: Session, channel: string, data: unknown): Promise<void> {
    const pub = { data, info: { user, client: id }, time: Date.now() }
    await this.#rooms.publish(channel, { push: { channel, pub } })
  }

  async #store({ id, user }: Session): Promise<void> {
    const record = JSON.stringify({ node: this.#node, at: Date.now() })
    await this.#redis.pipeline().hset(`sessions:${user}`, id, record).hset(this.#index, id, user).exec()
  }

  async #remove({ id, user }: Session): Promise<void> {
    await this.#redis.pipeline().hdel(`sessions:${user}`, id).hdel(this.#index, id).exec()
  }

  /** Key of the sessions of this server. */
  get #index(): string {
    return `node:${this.#node}`
  }
}
