/**
 * A backend: publishes by the server API, and repeats with the same idempotency key at any node until one acknowledges it. So
 * each of its publications happens exactly once, whatever answers were lost on the way.
 */
import { now } from '@skein/testkit'
import { writeData } from './data.ts'
import type { Lines } from './lines.ts'
import type { Publisher } from './socket-publisher.ts'

/** One try, ms. */
const PATIENCE = 3000
/** Tries in vain before it gives up: longer than any outage of a scenario. */
const TRIES = 120
const PAUSE = 250
/** A backend does not pile up work while nobody answers. */
const MOST_PENDING = 20

/** Where the publication stands, or why it was refused: an error's code, 0 without any answer. */
export type Call = (
  body: string,
  turn: number,
) => Promise<{ readonly epoch: string; readonly offset: number } | { readonly code: number }>

export class ApiPublisher implements Publisher {
  readonly #lines: Lines
  readonly #channel: string
  readonly #padding: number
  readonly #call: Call
  #count = 0
  #pending = 0

  constructor(lines: Lines, channel: string, padding: number, call: Call) {
    this.#lines = lines
    this.#channel = channel
    this.#padding = padding
    this.#call = call
  }

  get pending(): number {
    return this.#pending
  }

  publish(): void {
    if (this.#pending >= MOST_PENDING) return
    this.#pending += 1
    const id = `${this.#lines.client}-${++this.#count}`
    void this.#untilAcknowledged(id).finally(() => {
      this.#pending -= 1
    })
  }

  async #untilAcknowledged(id: string): Promise<void> {
    const channel = this.#channel
    this.#lines.say('attempted', { channel, id })
    const data: unknown = JSON.parse(writeData({ id, sent: now() }, this.#padding))
    const body = JSON.stringify({ channel, data, idempotency_key: id })
    const turn = this.#count
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const answer = await this.#call(body, turn + attempt)
      if (!('code' in answer)) {
        this.#lines.say('acknowledged', { channel, id, ...answer })
        return
      }
      this.#lines.say('refused', { channel, id, code: answer.code })
      await new Promise((resolve) => setTimeout(resolve, PAUSE))
    }
    this.#lines.say('broken', { what: `${id} was not acknowledged in ${TRIES} tries` })
  }
}

interface Reply {
  readonly error?: { readonly code: number }
  readonly result?: { readonly epoch: string; readonly offset: number }
}

/** Calls `/api/publish` at the node whose turn it is: whoever repeats goes to the next one. */
export function publishCaller(urls: readonly string[], key: string): Call {
  return async (body, turn) => {
    const url = urls[turn % urls.length]
    try {
      const response = await fetch(`${url}/api/publish`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': key },
        body,
        signal: AbortSignal.timeout(PATIENCE),
      })
      const reply = (await response.json()) as Reply
      return reply.result ?? { code: reply.error?.code ?? response.status }
    } catch {
      return { code: 0 } // Not reached, or no answer in time: the caller counts it and tries again.
    }
  }
}
