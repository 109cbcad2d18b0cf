/**
 * A backend: publishes by the server API, and retries with the same idempotency key at any node until one
 * acknowledges it. Each of its publications happens exactly once, whichever replies are lost.
 */
import { now } from '@skein/testkit'
import { writeData } from './data.ts'
import type { Lines } from './lines.ts'
import type { Publisher } from './socket-publisher.ts'

/** Timeout of one attempt, ms. */
const PATIENCE = 3000
/** Attempts before it gives up: longer than any outage of a scenario. */
const TRIES = 120
const PAUSE = 250
/** Limit of pending publications: a real backend queues no work during an outage. */
const MOST_PENDING = 20

/** The position of the publication, or the reason of its rejection: an error's code, 0 without a reply. */
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

/** Calls `/api/publish`; a retry goes to the next node. */
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
