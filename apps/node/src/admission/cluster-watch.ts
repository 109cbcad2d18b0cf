/**
 * Looks once a second whether the node reaches its cluster, so that a handshake need not ask. A node that has lost Redis keeps
 * its connections and lets in no more: another one may have it still, and nginx tries that after a 503.
 */
import type { SkeinNode } from '@skein/core'
import { Hysteresis } from './hysteresis.ts'

const LOOK_MS = 1000

export class ClusterWatch {
  readonly #ready: SkeinNode['ready']
  /** One bad look may be a slow answer; one good look is an answer. */
  readonly #away = new Hysteresis({ high: 1, low: 1, rise: 2, fall: 1 })
  #timer: NodeJS.Timeout | undefined
  #stopped = false

  constructor(ready: SkeinNode['ready']) {
    this.#ready = ready
    this.#next()
  }

  get away(): boolean {
    return this.#away.on
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
  }

  #next(): void {
    if (!this.#stopped) this.#timer = setTimeout(() => void this.#look(), LOOK_MS).unref()
  }

  async #look(): Promise<void> {
    const { ok } = await this.#ready()
    this.#away.look(ok ? 0 : 1)
    this.#next()
  }
}
