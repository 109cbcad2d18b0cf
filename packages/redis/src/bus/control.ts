/** Control messages to all nodes, on one bus channel. */
import type { Control, ControlMessage } from '@skein/core'
import type { Keys } from '../keys.ts'
import type { Commands } from '../server/commands.ts'
import type { Bus } from './bus.ts'

export class RedisControl implements Control {
  readonly #bus: Bus
  readonly #commands: Commands
  readonly #keys: Keys

  constructor(bus: Bus, commands: Commands, keys: Keys) {
    this.#bus = bus
    this.#commands = commands
    this.#keys = keys
  }

  listen(listener: (message: ControlMessage) => void): void {
    this.#bus.onControl = listener
  }

  async send(message: ControlMessage): Promise<void> {
    const text = JSON.stringify(message)
    await this.#commands.publish('send a control message to all nodes', this.#keys.control, text)
  }
}
