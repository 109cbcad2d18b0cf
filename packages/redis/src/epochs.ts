import { randomBytes } from 'node:crypto'

/** Epochs for new streams: each stream that this process begins has another one, and no other process has the same. */
export class Epochs {
  readonly #process = randomBytes(6).toString('base64url')
  #count = 0

  next(): string {
    this.#count += 1
    return `${this.#process}${this.#count.toString(36)}`
  }
}
