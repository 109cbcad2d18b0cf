/** A progress bar on a terminal, and a line every few seconds elsewhere. */
const WIDTH = 40
const QUIET_MS = 5000

export class Bar {
  readonly #total: number
  #saidAt = 0

  constructor(total: number) {
    this.#total = total
  }

  show(done: number, text: string): void {
    const part = Math.min(1, done / this.#total)
    const line = `[${'#'.repeat(Math.round(part * WIDTH)).padEnd(WIDTH, '.')}] ${done.toLocaleString('en')} ${text}`
    if (process.stdout.isTTY) process.stdout.write(`\r${line}\x1b[K`)
    else if (done >= this.#total || Date.now() - this.#saidAt > QUIET_MS) {
      this.#saidAt = Date.now()
      console.log(line)
    }
  }

  end(): void {
    if (process.stdout.isTTY) process.stdout.write('\n')
  }
}
