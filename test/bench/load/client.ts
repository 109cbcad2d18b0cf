/**
 * One connection of the load generator: a raw TCP socket, no WebSocket object, no stream buffers. All sockets
 * of a process read into one buffer: an idle connection holds little more than its socket.
 */
import { Socket } from 'node:net'
import { micros } from './clock.ts'
import type { Counters } from './counters.ts'
import type { Conversation, Dialect, Identity } from './dialects/index.ts'
import { CLOSE, clientFrame, PING, PONG, readFrames } from './frames.ts'
import type { Target } from './messages.ts'
import { nextPort } from './source.ts'
import { STAMP_LENGTH, stampNumber, stampTime } from './stamp.ts'

/** Size of the largest read; shared by all sockets, since a read is handled before the next one. */
const BUFFER = Buffer.allocUnsafeSlow(262_144)
const CLOSE_FRAME = clientFrame(CLOSE, Uint8Array.of(0x03, 0xe8))

export type ClientState = 'opening' | 'upgraded' | 'joined' | 'ended'

/** Called once: joined, or the reason why not. */
export type OnOutcome = (client: Client, failure: string | undefined) => void
export type OnAck = (client: Client, id: number, error: boolean) => void

export class Client extends Socket implements Conversation {
  readonly identity: Identity
  state: ClientState = 'opening'
  startedAt = 0
  /** Called for each acknowledgement while this connection publishes. */
  onAck: OnAck | undefined
  readonly #dialect: Dialect
  readonly #counters: Counters
  readonly #onOutcome: OnOutcome
  /** A frame that is not complete yet. */
  #rest: Buffer | undefined
  #last = -1
  /** When the current bytes arrived. */
  #now = 0

  constructor(identity: Identity, dialect: Dialect, counters: Counters, onOutcome: OnOutcome) {
    super({ onread: { buffer: BUFFER, callback: onRead } })
    this.identity = identity
    this.#dialect = dialect
    this.#counters = counters
    this.#onOutcome = onOutcome
    this.on('connect', onConnect)
    this.on('error', onError)
    this.on('close', onClose)
    this.setNoDelay(true)
  }

  open({ host, port }: Target, localAddress: string | undefined): void {
    this.startedAt = micros()
    const source = localAddress === undefined ? {} : { localAddress, localPort: nextPort(localAddress) }
    this.connect({ host, port, ...source })
  }

  send(bytes: Uint8Array): void {
    this.write(bytes)
  }

  publish(channel: string, id: number, data: string): void {
    this.write(this.#dialect.publish(channel, id, data))
  }

  /** One more channel; `onAck` follows. */
  subscribe(channel: string, id: number): void {
    const frame = this.#dialect.subscribe?.(channel, id)
    if (frame === undefined) throw new Error('this dialect has one channel for each connection')
    this.write(frame)
  }

  joined(): void {
    if (this.state !== 'upgraded') return
    this.state = 'joined'
    this.identity.token = ''
    this.#counters.open++
    this.#onOutcome(this, undefined)
  }

  delivered(bytes: Uint8Array, at: number): void {
    const counters = this.#counters
    const number = stampNumber(bytes, at)
    counters.received++
    counters.latency.record(this.#now - stampTime(bytes, at))
    if (this.#last >= 0 && number !== this.#last + 1) counters.outOfOrder++
    this.#last = number
  }

  acked(id: number, error: boolean): void {
    this.onAck?.(this, id, error)
  }

  refused(why: string): void {
    this.fail(`refused: ${why.slice(0, 100)}`)
  }

  /** Ends the connection without counting it as lost. */
  leave(politely: boolean): void {
    if (this.state === 'joined') this.#counters.open--
    this.state = 'ended'
    if (politely) this.write(CLOSE_FRAME)
    this.destroy()
  }

  /** The connection did not join, or was lost. */
  fail(why: string): void {
    const { state } = this
    if (state === 'ended') return
    this.state = 'ended'
    if (state === 'joined') {
      this.#counters.open--
      this.#counters.loses(why)
    } else this.#onOutcome(this, why)
    this.destroy()
  }

  received(bytes: Buffer): void {
    if (this.state === 'ended') return
    this.#now = micros()
    this.#counters.bytes += bytes.length
    const all = this.#rest === undefined ? bytes : Buffer.concat([this.#rest, bytes])
    const used = this.state === 'opening' ? this.#upgrade(all) : 0
    // The bytes after the head of the reply are frames.
    const whole = this.#state() === 'opening' ? used : used + this.#frames(all.subarray(used))
    this.#rest = whole === all.length ? undefined : Buffer.from(all.subarray(whole))
  }

  sayHello(): void {
    const { path: ofSubscribers, publisherPath = ofSubscribers, subprotocol } = this.#dialect
    const path = this.identity.channel === '' ? publisherPath : ofSubscribers
    const protocol = subprotocol === '' ? '' : `Sec-WebSocket-Protocol: ${subprotocol}\r\n`
    this.write(
      `GET ${path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nUser-Agent: skein-bench/1\r\n` +
        `${protocol}Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n`,
    )
  }

  #state(): ClientState {
    return this.state
  }

  /** Bytes of the reply's head; 0: it is not complete. */
  #upgrade(bytes: Buffer): number {
    const end = bytes.indexOf('\r\n\r\n')
    if (end < 0) return 0
    const status = bytes.toString('latin1', 9, 12)
    if (status !== '101') {
      this.fail(`HTTP ${status}`)
      return bytes.length
    }
    this.state = 'upgraded'
    this.#dialect.greet(this)
    return end + 4
  }

  #frames(bytes: Buffer): number {
    return readFrames(bytes, bytes.length, (opcode, all, from, end) => {
      if (opcode === CLOSE) this.fail(`close ${end - from >= 2 ? bytes.readUInt16BE(from) : 1005}`)
      else if (opcode === PING) this.write(clientFrame(PONG, all.subarray(from, end)))
      else if (opcode !== PONG) this.#dialect.receive(this, all, from, end)
    })
  }
}

/** The length of a stamp is the least length of a message. */
export const LEAST_MESSAGE = STAMP_LENGTH

/** Node calls it as a method of the socket. */
function onRead(this: unknown, length: number, buffer: Uint8Array): boolean {
  if (this instanceof Client) this.received(Buffer.from(buffer.buffer, buffer.byteOffset, length))
  return true
}

function onConnect(this: Socket): void {
  if (this instanceof Client) this.sayHello()
}

function onError(this: Socket, error: Error): void {
  if (this instanceof Client) this.fail('code' in error ? String(error.code) : error.message)
}

function onClose(this: Socket): void {
  if (this instanceof Client) this.fail('closed by the server')
}
