import { randomBytes } from 'node:crypto'

/** Epochs for new streams: no stream gets the same one twice, and no other process has it. */
export class Epochs {
  readonly #process = randomBytes(6).toString('base64url')
  #count = 0

  next(): string {
    this.#count += 1
    return `${this.#process}${this.#count.toString(36)}`
  }
}
