/**
 * TCP between two parts of a cluster with faults of networks: delay, silence that holds or drops all bytes,
 * resets. Bytes keep their order, as TCP keeps it.
 */
import { connect, createServer, type Server, type Socket } from 'node:net'

interface Pair {
  readonly near: Socket
  readonly far: Socket
}

interface Piece {
  readonly bytes: Uint8Array
  /** Monotonic ms. */
  readonly due: number
}

export class FaultyProxy {
  readonly #server: Server
  readonly #pairs = new Set<Pair>()
  readonly #target: { readonly host: string; readonly port: number }
  /** Bytes that wait, by the socket they go to. */
  readonly #lines = new WeakMap<Socket, Piece[]>()
  #delay = 0
  #silent = false

  private constructor(server: Server, target: URL) {
    this.#server = server
    this.#target = { host: target.hostname, port: Number(target.port) }
    server.on('connection', (near) => this.#carry(near))
  }

  /** In front of `target`, a URL with a port. */
  static async start(target: string): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(createServer({ noDelay: true }), new URL(target))
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve))
    return proxy
  }

  get port(): number {
    const bound = this.#server.address()
    if (bound === null || typeof bound === 'string') throw new Error('the proxy does not listen')
    return bound.port
  }

  /** Connections carried now. */
  get carrying(): number {
    return this.#pairs.size
  }

  /** Delays each piece by `ms` from now on, in both directions. */
  delay(ms: number): void {
    this.#delay = ms
  }

  /** Lets nothing pass from now on, without a notice: as a network that drops packets. */
  silence(): void {
    this.#silent = true
  }

  /** Ends the silence. Connections that lived through it are reset, as after a long partition. */
  speak(): void {
    this.#silent = false
    this.reset()
  }

  /** Resets all connections. New ones are carried. */
  reset(): void {
    for (const { near, far } of this.#pairs) {
      near.resetAndDestroy()
      far.resetAndDestroy()
    }
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve))
    this.reset()
    await closed
  }

  #carry(near: Socket): void {
    const far = connect({ ...this.#target, noDelay: true })
    const pair = { near, far }
    this.#pairs.add(pair)
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      // The end of either socket ends the other.
      socket.once('error', () => other.destroy())
      socket.once('close', () => {
        this.#pairs.delete(pair)
        other.destroy()
      })
      socket.on('data', (bytes) => this.#pass(bytes, other))
    }
  }

  #pass(bytes: Uint8Array, to: Socket): void {
    if (this.#silent) return
    const line = this.#lines.get(to)
    const due = performance.now() + this.#delay
    // After the bytes that are still in flight, also when the delay has become shorter.
    if (line !== undefined) line.push({ bytes, due })
    else if (this.#delay === 0) to.write(bytes)
    else {
      this.#lines.set(to, [{ bytes, due }])
      this.#wait(to)
    }
  }

  /** One timer for a line: several timers of different lengths may fire out of order. */
  #wait(to: Socket): void {
    const [first] = this.#lines.get(to) ?? []
    if (first === undefined) this.#lines.delete(to)
    else setTimeout(() => this.#goOn(to), Math.max(0, first.due - performance.now()))
  }

  #goOn(to: Socket): void {
    const line = this.#lines.get(to) ?? []
    const now = performance.now()
    while (line[0] !== undefined && line[0].due <= now) {
      const piece = line.shift()
      if (piece !== undefined && !this.#silent && !to.destroyed) to.write(piece.bytes)
    }
    this.#wait(to)
  }
}
