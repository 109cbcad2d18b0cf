/**
 * What is sent to Redis in one turn of the event loop leaves together, as one text. A system call of its own for each
 * command was the largest item in the profile of a publish, and a vector of many strings costs more than their sum
 * (docs/performance.md). A kilobyte leaves at once: while Redis is at work on it, the rest of the turn makes the next.
 */
import type { Command, Redis } from 'ioredis'
import { writeAtTurnEnd } from '../turn/turn-end.ts'
import { CommandDeadlines } from './command-deadlines.ts'
import { Silence } from './silent-connection.ts'

type Send = Redis['sendCommand']
type Stream = Redis['stream']

/**
 * Characters. If all that a turn brings left in one piece, node and Redis would wait for each other by turns, with a third of two
 * cores idle (docs/performance.md).
 */
const FULL = 1000

/** What ioredis writes commands to. A command that holds bytes is written as bytes, the others as text. */
class Turn {
  readonly #stream: Stream
  #text = ''

  constructor(stream: Stream) {
    this.#stream = stream
  }

  write(chunk: string | Buffer): void {
    if (typeof chunk !== 'string') {
      this.flush()
      this.#stream.write(chunk)
      return
    }
    if (this.#text === '') writeAtTurnEnd(() => this.flush())
    this.#text += chunk
    if (this.#text.length >= FULL) this.flush()
  }

  flush(): void {
    const text = this.#text
    this.#text = ''
    // Commands of a connection that is gone have been rejected.
    if (text !== '' && !this.#stream.destroyed) this.#stream.write(text)
  }
}

/**
 * Gives `redis` this habit, and each of its commands an end after `timeout` ms; after as long again without any word, the
 * connection ends, too. Commands leave before the event loop waits
 * again, so none of them waits for another.
 */
export function writeByTurn(redis: Redis, timeout: number): Redis {
  const send = redis.sendCommand
  const silence = new Silence(redis, timeout)
  const deadlines = new CommandDeadlines(timeout, () => silence.suspect())
  let stream: Stream | undefined
  let turn: Turn | undefined
  redis.sendCommand = function (this: Redis, command: Command, given?: Parameters<Send>[1]) {
    deadlines.add(command)
    if (redis.stream !== stream) {
      stream = redis.stream
      turn = stream === undefined ? undefined : new Turn(stream)
    }
    if (given === undefined && redis.status === 'ready' && turn !== undefined) {
      // ioredis asks no more of what it writes to than `write`.
      return send.call(redis, command, turn as unknown as Stream)
    }
    // A handshake, or a pipeline with a buffer of its own, which is behind what waits.
    turn?.flush()
    return send.call(redis, command, given)
  }
  return redis
}
