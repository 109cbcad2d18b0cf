import { randomBytes } from 'node:crypto'

/** Unique epochs for new streams, over all streams and processes. */
export class Epochs {
  readonly #process = randomBytes(6).toString('base64url')
  #count = 0

  next(): string {
    this.#count += 1
    return `${this.#process}${this.#count.toString(36)}`
  }
}
