/** A wire that a test can cut: forwards TCP to one address, or drops or refuses it. */
import { connect, createServer, type Server, type Socket } from 'node:net'

export class TcpProxy {
  readonly #server: Server
  readonly #pairs = new Set<Socket>()
  #target: { readonly host: string; readonly port: number }
  #down = false

  private constructor(server: Server, target: URL) {
    this.#server = server
    this.#target = address(target)
    server.on('connection', (socket) => this.#carry(socket))
  }

  static async start(target: string): Promise<TcpProxy> {
    const proxy = new TcpProxy(createServer(), new URL(target))
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve))
    return proxy
  }

  /** `host:port` of this end. */
  get host(): string {
    const bound = this.#server.address()
    if (bound === null || typeof bound === 'string') throw new Error('the proxy does not listen')
    return `127.0.0.1:${bound.port}`
  }

  /** Resets every connection; new ones are reset at once until {@link up}. */
  down(): void {
    this.#down = true
    for (const socket of this.#pairs) socket.resetAndDestroy()
  }

  /** Forwards again, to another address if one is given. */
  up(target?: string): void {
    if (target !== undefined) this.#target = address(new URL(target))
    this.#down = false
  }

  async stop(): Promise<void> {
    this.down()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #carry(near: Socket): void {
    if (this.#down) {
      near.resetAndDestroy()
      return
    }
    const far = connect(this.#target)
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#pairs.add(socket)
      // The end of either socket ends the other.
      socket.once('error', () => other.destroy())
      socket.once('close', () => {
        this.#pairs.delete(socket)
        other.destroy()
      })
      socket.pipe(other)
    }
  }
}

function address({ hostname, port }: URL): { readonly host: string; readonly port: number } {
  return { host: hostname, port: Number(port) }
}
