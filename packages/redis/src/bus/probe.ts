/** A trial of the whole Pub/Sub path: a message to this node itself, by the command connection. One at a time. */
import type { Timer } from '@skein/core'
import type { Settings } from '../options.ts'
import type { Commands } from '../server/commands.ts'

/** `lost`: Redis took the message and it did not arrive. `unsent`: Redis did not take it. */
export type ProbeResult = 'heard' | 'lost' | 'unsent'

export class Probe {
  readonly #settings: Settings
  readonly #commands: Commands
  readonly #name: () => string
  #running: { readonly token: string; readonly result: Promise<ProbeResult> } | undefined
  #onArrival: (() => void) | undefined
  #timer: Timer | undefined
  #count = 0

  constructor(settings: Settings, commands: Commands, name: () => string) {
    this.#settings = settings
    this.#commands = commands
    this.#name = name
  }

  run(): Promise<ProbeResult> {
    if (this.#running !== undefined) return this.#running.result
    const token = `?${++this.#count}`
    const result = this.#try(token).finally(() => {
      this.#running = undefined
    })
    this.#running = { token, result }
    return result
  }

  /** Resolves when none is under way. */
  async ended(): Promise<void> {
    await this.#running?.result
  }

  /** A trial came back. Always true: an old one is no damaged message. */
  arrived(token: string): true {
    if (token === this.#running?.token) this.#onArrival?.()
    return true
  }

  close(): void {
    if (this.#timer !== undefined) this.#settings.clock.clearTimeout(this.#timer)
    this.#onArrival?.()
  }

  async #try(token: string): Promise<ProbeResult> {
    const { clock, timing } = this.#settings
    const arrival = new Promise<ProbeResult>((resolve) => {
      this.#onArrival = () => resolve('heard')
      this.#timer = clock.setTimeout(() => resolve('lost'), timing.probe)
    })
    try {
      await this.#commands.announce('carry a probe', this.#name(), token)
      return await arrival
    } catch {
      return 'unsent' // What is wrong with the command connection is told to its own callers.
    } finally {
      if (this.#timer !== undefined) clock.clearTimeout(this.#timer)
    }
  }
}
