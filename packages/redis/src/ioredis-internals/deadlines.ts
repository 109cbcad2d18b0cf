/**
 * Deadlines of replies. ioredis's `commandTimeout` and `socketTimeout` decide in a timer. After a stall of
 * the process Node runs timers before it reads sockets, and both end waits whose reply has arrived.
 * {@link Deadlines} decides after the event loop has polled once more.
 */
import { Queue } from '@skein/core'
import type { Command, Redis } from 'ioredis'

type Waiting = Pick<Command, 'isSettled' | 'reject'>

/**
 * Rejects each command that has no reply after `ms`. Closes the connection if it then receives nothing for as
 * long again: until then the command keeps its place in ioredis's queue.
 */
export function boundReplies(redis: Redis, ms: number): void {
  const silence = new Silence(redis, ms)
  const deadlines = new Deadlines(ms, () => silence.suspect())
  const send = redis.sendCommand.bind(redis)
  redis.sendCommand = (command, stream) => {
    const sent = send(command, stream)
    deadlines.add(command)
    return sent
  }
}

/** One timer for all commands of a connection: their deadlines are in the order of their additions. */
export class Deadlines {
  readonly #ms: number
  readonly #onTimeout: () => void
  readonly #waiting = new Queue<{ readonly command: Waiting; readonly end: number }>()
  #isScheduled = false

  constructor(ms: number, onTimeout: () => void) {
    this.#ms = ms
    this.#onTimeout = onTimeout
  }

  add(command: Waiting): void {
    this.#dropSettled()
    if (command.isSettled) return
    this.#waiting.push({ command, end: performance.now() + this.#ms })
    this.#schedule()
  }

  #schedule(): void {
    const first = this.#waiting.peek()
    if (this.#isScheduled || first === undefined) return
    this.#isScheduled = true
    afterPoll(first.end - performance.now(), (dueAt) => {
      this.#isScheduled = false
      this.#rejectDue(dueAt)
      this.#schedule()
    })
  }

  #rejectDue(dueAt: number): void {
    this.#dropSettled()
    for (let first = this.#waiting.peek(); first !== undefined; first = this.#waiting.peek()) {
      if (first.end > dueAt) return
      first.command.reject(new Error('Command timed out'))
      this.#onTimeout()
      this.#dropSettled()
    }
  }

  #dropSettled(): void {
    while (this.#waiting.peek()?.command.isSettled === true) this.#waiting.shift()
  }
}

class Silence {
  readonly #redis: Pick<Redis, 'stream'>
  readonly #ms: number
  #suspected: Redis['stream'] | undefined

  constructor(redis: Pick<Redis, 'stream'>, ms: number) {
    this.#redis = redis
    this.#ms = ms
  }

  suspect(): void {
    const { stream } = this.#redis
    if (stream === undefined || stream.destroyed || stream === this.#suspected) return
    this.#suspected = stream
    const { bytesRead } = stream
    afterPoll(this.#ms, () => {
      if (this.#suspected === stream) this.#suspected = undefined
      if (stream.destroyed || stream.bytesRead !== bytesRead) return
      stream.destroy(new Error(`Socket timeout: a command timed out, and no data in the next ${this.#ms} ms`))
    })
  }
}

/**
 * Runs `decide` after `ms` and one poll of the sockets, with the time of the timer. Node's event loop runs
 * timers, polls, then runs immediates (Node.js, "The Node.js Event Loop").
 */
function afterPoll(ms: number, decide: (dueAt: number) => void): void {
  const timer = setTimeout(
    () => {
      const dueAt = performance.now()
      setImmediate(() => decide(dueAt))
    },
    Math.max(1, Math.ceil(ms)),
  )
  timer.unref() // Not even a closed connection delays the end of the process.
}
