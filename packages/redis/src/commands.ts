/** The command connection: every wait bounded in time and number, every failure an `Unavailable`. */
import { connect } from './connect.ts'
import type { Settings } from './options.ts'
import { ReadySignal } from './ready-signal.ts'
import type { Client } from './scripts.ts'
import { NotSent, unavailable } from './unavailable.ts'

export class Commands {
  readonly client: Client
  readonly #ready: ReadySignal
  readonly #bound: number
  #pending = 0

  constructor(settings: Settings) {
    this.client = connect(settings, 'commands')
    this.#bound = settings.bounds.pending
    this.#ready = new ReadySignal(this.client, settings)
  }

  /** Calls that wait for Redis now. */
  get pending(): number {
    return this.#pending
  }

  onReady(run: () => void): void {
    this.client.on('ready', run)
  }

  /**
   * One call. `what` completes "Redis did not …". Rejects with {@link NotSent} where nothing was sent, with another
   * `Unavailable` where the outcome is unknown.
   */
  async run<T>(what: string, call: (client: Client) => Promise<T>): Promise<T> {
    if (this.#pending >= this.#bound) {
      throw new NotSent(`Redis did not ${what}: ${this.#bound} calls are already waiting for it`)
    }
    this.#pending += 1
    try {
      if (this.client.status !== 'ready') await this.#ready.wait(what)
      return await call(this.client)
    } catch (error) {
      throw unavailable(what, error)
    } finally {
      this.#pending -= 1
    }
  }

  close(): Promise<void> {
    return this.#ready.close()
  }
}
