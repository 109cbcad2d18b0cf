/** Trace lines of one client: every part of the load writes the same fields. */
import { now, type TraceEvent } from '@skein/testkit'

type Kind = TraceEvent['kind']
type Of<K extends Kind> = Omit<Extract<TraceEvent, { kind: K }>, 'kind' | 'at' | 'client'>

export class Lines {
  readonly client: string
  readonly #write: (event: TraceEvent) => void

  constructor(client: string, write: (event: TraceEvent) => void) {
    this.client = client
    this.#write = write
  }

  say<K extends Kind>(kind: K, fields: Of<K>): void {
    this.#write({ kind, at: now(), client: this.client, ...fields } as unknown as TraceEvent)
  }
}
