/** Decodes messages of the bus, passes them to their listeners, and counts messages that it cannot decode. */
import type { BrokerListener, ControlMessage } from '@skein/core'
import { deliver, readAddress } from './message.ts'

export class Receiver {
  listener: BrokerListener | undefined
  onControl: ((message: ControlMessage) => void) | undefined
  readonly #report: (error: unknown, where: string) => void
  #damaged = 0

  constructor(report: (error: unknown, where: string) => void) {
    this.#report = report
  }

  /** Number of messages that could not be decoded. */
  get damaged(): number {
    return this.#damaged
  }

  /** A message on the bus channel of `channel`. */
  onChannel(bus: string, channel: string, text: string): void {
    this.#guard(bus, () => this.#deliver(channel, text))
  }

  /** A message on this node's own bus channel: it carries the name of a personal channel. */
  onNode(bus: string, text: string): void {
    this.#guard(bus, () => {
      const addressed = text.startsWith('@') ? readAddress(text) : undefined
      return addressed !== undefined && this.#deliver(addressed.channel, addressed.message)
    })
  }

  /** A message to all nodes. */
  onControlMessage(bus: string, text: string): void {
    this.#guard(bus, () => {
      const message = readControl(text)
      if (message === undefined) return false
      this.onControl?.(message)
      return true
    })
  }

  /** `channels`: those that lacked messages for a time; absent: all. */
  onRestored(channels?: readonly string[]): void {
    if (channels === undefined) this.listener?.onRestored()
    else if (channels.length > 0) this.listener?.onRestored(channels)
  }

  #deliver(channel: string, text: string): boolean {
    return this.listener === undefined || deliver(channel, text, this.listener)
  }

  /** Runs `receive`, which returns false for a message that it cannot decode. */
  #guard(bus: string, receive: () => boolean): void {
    try {
      if (receive()) return
      this.#damaged += 1
      this.#report(new Error(`a message on ${bus} could not be decoded and was dropped`), 'damaged')
    } catch (error) {
      this.#report(error, 'listener')
    }
  }
}

function readControl(text: string): ControlMessage | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && 'op' in value
      ? (value as ControlMessage)
      : undefined
  } catch {
    return undefined // The caller counts and reports it.
  }
}
