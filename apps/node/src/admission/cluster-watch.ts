/**
 * Looks once a second whether the node reaches its cluster, so that a handshake need not ask. A node that has lost Redis keeps
 * its connections and lets in no more: another one may have it still, and nginx tries that after a 503.
 */
import type { SkeinNode } from '@skein/core'
import { Hysteresis } from './hysteresis.ts'

const LOOK_MS = 1000
/** While it is away: its return should cost no one a second try. */
const LOOK_WHILE_AWAY_MS = 250

export class ClusterWatch {
  readonly #ask: SkeinNode['ready']
  /** One bad look may be a slow answer; one good look is an answer. */
  readonly #away = new Hysteresis({ high: 1, low: 1, rise: 2, fall: 1 })
  #timer: NodeJS.Timeout | undefined
  #stopped = false

  constructor(ask: SkeinNode['ready']) {
    this.#ask = ask
    this.#next()
  }

  get away(): boolean {
    return this.#away.on
  }

  /** Asks for a probe: whoever hears that the node is ready may send it a handshake at once. */
  async ready(): ReturnType<SkeinNode['ready']> {
    const state = await this.#ask()
    if (state.ok) this.#away.look(0)
    return state
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
  }

  #next(): void {
    if (this.#stopped) return
    const ms = this.away ? LOOK_WHILE_AWAY_MS : LOOK_MS
    this.#timer = setTimeout(() => void this.#look(), ms).unref()
  }

  async #look(): Promise<void> {
    // A port that fails to answer says the same as one that answers no; readiness, which asks too, says why.
    const ok = await this.#ask().then(
      (state) => state.ok,
      () => false,
    )
    this.#away.look(ok ? 0 : 1)
    this.#next()
  }
}
