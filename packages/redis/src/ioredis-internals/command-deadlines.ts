/**
 * The end of each wait for a reply, with one timer for a whole connection. ioredis has an option for it, but makes a timer for
 * each command, and deletes it from the command in a way that turns the object into a slow one.
 */

/** What is needed of a command of ioredis. */
export interface Awaited {
  readonly isSettled: boolean
  reject(error: Error): void
}

export class CommandDeadlines {
  readonly #timeout: number
  readonly #onEnd: () => void
  /** In the order of their ends, which is that of their beginnings. At most `bounds.pending` and a few. */
  #waiting: { readonly command: Awaited; readonly end: number }[] = []
  /** Those before it have their reply. */
  #at = 0
  #timer: NodeJS.Timeout | undefined

  /** `timeout`: ms. `onEnd` hears of each wait that ended without a reply. */
  constructor(timeout: number, onEnd: () => void) {
    this.#timeout = timeout
    this.#onEnd = onEnd
  }

  /** Rejects the command, if nothing else has settled it by then. */
  add(command: Awaited): void {
    this.#forgetSettled()
    this.#waiting.push({ command, end: performance.now() + this.#timeout })
    this.#timer ??= setTimeout(this.#look, this.#timeout)
  }

  readonly #look = (): void => {
    this.#timer = undefined
    const now = performance.now()
    this.#forgetSettled()
    for (let first = this.#waiting[this.#at]; first !== undefined; first = this.#waiting[this.#at]) {
      if (first.end > now) {
        this.#timer = setTimeout(this.#look, Math.ceil(first.end - now))
        return
      }
      first.command.reject(new Error('Command timed out'))
      this.#onEnd()
      this.#forgetSettled()
    }
  }

  #forgetSettled(): void {
    while (this.#waiting[this.#at]?.command.isSettled === true) this.#at++
    if (this.#at * 2 <= this.#waiting.length) return
    // Dropping what is done once it is the larger half keeps each step O(1) on average.
    this.#waiting = this.#waiting.slice(this.#at)
    this.#at = 0
  }
}
