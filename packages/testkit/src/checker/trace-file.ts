/** A trace on disk: each process writes its own file, the checker reads all of them. */
import { closeSync, createReadStream, openSync, writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { TraceEvent } from './trace.ts'

/** Characters that are buffered before a write. */
const CHUNK = 65_536

export class TraceWriter {
  readonly #file: number
  #lines = ''

  constructor(path: string) {
    this.#file = openSync(path, 'w')
  }

  readonly write = (event: TraceEvent): void => {
    this.#lines += `${JSON.stringify(event)}\n`
    if (this.#lines.length > CHUNK) this.flush()
  }

  flush(): void {
    if (this.#lines === '') return
    writeSync(this.#file, this.#lines)
    this.#lines = ''
  }

  close(): void {
    this.flush()
    closeSync(this.#file)
  }
}

export async function* readTrace(path: string): AsyncGenerator<TraceEvent> {
  for await (const line of createInterface({ input: createReadStream(path) })) {
    if (line !== '') yield JSON.parse(line) as TraceEvent
  }
}
