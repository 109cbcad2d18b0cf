/** Calls a verb for a client: rate limit, decoding, schema check, and the reply in JSON or Protobuf. */
import { ReplyError } from '@skein/core'
import { ERROR, type Payload } from '@skein/protocol'
import Value from 'typebox/value'
import type { Caller, ChatContext } from '../context.ts'
import { ChatError } from '../errors.ts'
import { type CallOutcome, outcomeOf } from '../observer.ts'
import { SEND } from '../verbs/send.ts'
import { Buckets } from './buckets.ts'
import { decodeSendRequest, encodeSendReply } from './protobuf.ts'
import type { Verb } from './verb.ts'

export class Rpc {
  readonly #chat: ChatContext
  readonly #verbs: ReadonlyMap<string, Verb>
  readonly #buckets: Buckets

  constructor(chat: ChatContext, verbs: readonly Verb[]) {
    this.#chat = chat
    this.#verbs = new Map(verbs.map((verb) => [verb.method, verb]))
    this.#buckets = new Buckets(chat.limits.callBurst, chat.limits.callsPerSecond)
  }

  /** Throws `ReplyError` 104 for an unknown method, or any `ChatError`. */
  async call(caller: Caller, method: string, data: Payload | undefined): Promise<Payload> {
    const { clock, observer } = this.#chat
    const verb = this.#verbs.get(method)
    const begun = clock.monotonic()
    const observe = (outcome: CallOutcome): void =>
      observer.called(verb?.method ?? 'unknown', outcome, clock.monotonic() - begun)
    try {
      const reply = await this.#answer(caller, verb, data)
      observe('ok')
      return reply
    } catch (error) {
      observe(outcomeOf(error))
      throw error
    }
  }

  async #answer(caller: Caller, verb: Verb | undefined, data: Payload | undefined): Promise<Payload> {
    if (verb === undefined) throw new ReplyError(ERROR.methodNotFound)
    const wait = this.#buckets.take(caller.client, this.#chat.clock.monotonic())
    if (wait > 0) throw new ChatError('rate_limited', `try again in ${wait} ms`)
    if (verb.method === SEND.method && isProtobuf(data)) return this.#sendBytes(caller, data)
    const request = decode(verb, data, this.#chat.limits.requestLength)
    return JSON.stringify(await verb.handle(this.#chat, caller, request))
  }

  /** `chat.send` in Protobuf: see `chat.proto`. */
  async #sendBytes(caller: Caller, data: Uint8Array): Promise<Payload> {
    demandLength(data, this.#chat.limits.requestLength)
    return encodeSendReply(await SEND.handle(this.#chat, caller, decodeSendRequest(data)))
  }

  forget(client: string): void {
    this.#buckets.forget(client)
  }
}

/** A JSON object begins with `{`. In a SendRequest that byte would be field 15 with an obsolete wire type. */
function isProtobuf(data: Payload | undefined): data is Uint8Array {
  return data instanceof Uint8Array && data.length > 0 && data[0] !== 0x7b
}

function demandLength(data: Payload | undefined, most: number): void {
  if (data !== undefined && data.length > most)
    throw new ChatError('too_long', `the request has ${data.length} bytes; the limit is ${most}`)
}

/** Throws `bad_request` with the path of the invalid member. */
function decode(verb: Verb, data: Payload | undefined, most: number): unknown {
  demandLength(data, most)
  const value = parse(data)
  if (Value.Check(verb.request, value)) return value
  const [problem] = Value.Errors(verb.request, value)
  throw new ChatError('bad_request', problem && `${problem.instancePath || '/'} ${problem.message}`)
}

function parse(data: Payload | undefined): unknown {
  if (data === undefined) return {}
  const text = typeof data === 'string' ? data : new TextDecoder().decode(data)
  try {
    return JSON.parse(text)
  } catch {
    throw new ChatError('bad_request', 'the request is not JSON')
  }
}
