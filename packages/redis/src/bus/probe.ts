/**
 * A probe of the whole Pub/Sub path: a message to this node itself, published by the command connection. One
 * at a time.
 */
import type { Timer } from '@skein/core'
import type { Commands } from '../server/commands.ts'
import type { Settings } from '../server/settings.ts'

/** `lost`: Redis accepted the message and it did not arrive. `unsent`: Redis did not accept it. */
export type ProbeResult = 'received' | 'lost' | 'unsent'

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
    const result = this.#send(token).finally(() => {
      this.#running = undefined
    })
    this.#running = { token, result }
    return result
  }

  /** Resolves when no probe is in flight. */
  async whenIdle(): Promise<void> {
    await this.#running?.result
  }

  /** A probe has arrived. A late one is ignored. */
  onMessage(token: string): void {
    if (token === this.#running?.token) this.#onArrival?.()
  }

  close(): void {
    if (this.#timer !== undefined) this.#settings.clock.clearTimeout(this.#timer)
    this.#onArrival?.()
  }

  async #send(token: string): Promise<ProbeResult> {
    const { clock, timing } = this.#settings
    const arrival = new Promise<ProbeResult>((resolve) => {
      this.#onArrival = () => resolve('received')
      this.#timer = clock.setTimeout(() => resolve('lost'), timing.probe)
    })
    try {
      await this.#commands.publish('carry a probe', this.#name(), token)
      return await arrival
    } catch {
      return 'unsent' // Callers of the command connection get its error.
    } finally {
      if (this.#timer !== undefined) clock.clearTimeout(this.#timer)
    }
  }
}
