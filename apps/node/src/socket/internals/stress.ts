/**
 * Stress test of direct writes, in a process of its own: `node stress.ts WRITES`. Exits with 0 if every byte
 * arrived in order. Senders mix direct writes and writes of the stream, of one byte up to a megabyte.
 * Receivers pause, reset their connection, or are closed by the sender.
 */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { ClientSocket, ClientWebSocket } from '../client-socket.ts'
import { DirectWriter } from './direct-write.ts'

const CONNECTION_PAIRS = 64
const STEPS_PER_TURN = 500
/** Above it a sender waits, as core's outbox does. */
const MAX_WAITING_BYTES = 4 * 1024 ** 2
const LARGE_BYTES = 1024 ** 2
/** The byte at offset N of a connection is `N % PATTERN_BYTES`. */
const PATTERN_BYTES = 251
const PATTERN = Uint8Array.from({ length: LARGE_BYTES + PATTERN_BYTES }, (_, at) => at % PATTERN_BYTES)

const counts = { writes: 0, partial: 0, stream: 0, resets: 0, closed: 0, bytes: 0 }

/** A sender and its receiver. */
class Pair {
  readonly socket: ClientSocket
  readonly #near: Socket
  readonly #far: Socket
  #sent = 0
  #received = 0
  #ended = false

  constructor(near: Socket, far: Socket, writer: DirectWriter) {
    this.#near = near
    this.#far = far
    near.on('error', () => undefined)
    far.on('error', () => undefined)
    far.on('data', (chunk: Buffer) => this.#check(chunk))
    // No handshake took place: the WebSocket serves as an argument only.
    const ws: ClientWebSocket = Object.create(ClientWebSocket.prototype)
    const toBytes = ({ payload }: { readonly payload: Uint8Array }) => payload
    this.socket = new ClientSocket(ws, near, () => undefined, toBytes, writer)
  }

  get ended(): boolean {
    return this.#ended || this.#near.destroyed
  }

  get complete(): boolean {
    return this.ended || this.#received === this.#sent
  }

  /** One write, and sometimes a disturbance. */
  step(random: number): void {
    if (random < 0.009) this.#far.pause()
    else if (random < 0.01) this.#far.resume()
    else if (random < 0.0102) this.#end('resets', () => this.#far.resetAndDestroy())
    else if (random < 0.0104) this.#end('closed', () => this.#near.destroy())
    if (this.socket.bufferedAmount > MAX_WAITING_BYTES) {
      this.#far.resume()
      return
    }
    const size = random > 0.999 ? LARGE_BYTES : random > 0.97 ? 65_536 : 1 + Math.floor(random * 300)
    const bytes = PATTERN.subarray(this.#sent % PATTERN_BYTES, (this.#sent % PATTERN_BYTES) + size)
    this.#sent += size
    counts.writes++
    if (random > 0.95 && random < 0.96) this.#writeByStream(bytes)
    else this.socket.send({ encoding: 'json', payload: bytes })
    if (this.socket.bufferedAmount > 0) counts.partial++
  }

  finish(): void {
    this.#far.resume()
  }

  destroy(): void {
    this.#near.destroy()
    this.#far.destroy()
  }

  /** As ws writes a pong. */
  #writeByStream(bytes: Uint8Array): void {
    counts.stream++
    this.socket.streamed()
    this.#near.write(bytes)
  }

  #end(kind: 'resets' | 'closed', end: () => void): void {
    counts[kind]++
    this.#ended = true
    end()
  }

  #check(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      const from = this.#received % PATTERN_BYTES
      const length = Math.min(chunk.length - at, LARGE_BYTES)
      if (!chunk.subarray(at, at + length).equals(PATTERN.subarray(from, from + length)))
        throw new Error(`wrong byte after ${this.#received} bytes`)
      at += length
      this.#received += length
      counts.bytes += length
    }
  }
}

async function open(server: Server, writer: DirectWriter): Promise<Pair> {
  const far = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const [near] = (await once(server, 'connection')) as [Socket]
  return new Pair(near, far, writer)
}

async function stress(writes: number): Promise<void> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const writer = new DirectWriter()
  const pairs: Pair[] = []
  while (pairs.length < CONNECTION_PAIRS) pairs.push(await open(server, writer))
  while (counts.writes < writes) {
    // A closed pair gets one more round: an owner may write until it receives the event `close`.
    const ended = pairs.map((pair) => pair.ended)
    for (let at = 0; at < STEPS_PER_TURN; at++) pairs[at % CONNECTION_PAIRS]?.step(Math.random())
    await turn()
    for (const [at, was] of ended.entries()) {
      if (!was) continue
      pairs[at]?.destroy()
      pairs[at] = await open(server, writer)
    }
  }
  for (const pair of pairs) pair.finish()
  while (!pairs.every((pair) => pair.complete)) await turn()
  for (const pair of pairs) pair.destroy()
  server.close()
}

await stress(Number(process.argv[2] ?? 100_000))
process.stdout.write(`${JSON.stringify(counts)}\n`)
