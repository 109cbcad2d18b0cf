/** One command as a line of JSON. */
import type { Command, Verb } from '../messages.ts'
import { Malformed, within } from '../wire/malformed.ts'
import { REQUESTS, VERBS } from '../wire/requests.ts'
import { parseLine } from './line.ts'
import { firstThere, isThere, objectAt, readMessage, type Source } from './read.ts'
import { readInteger } from './scalar.ts'
import { endOf, members, spansOf, startOf } from './scan.ts'
import { writeMessage } from './write.ts'

const NAMES = ['id', ...VERBS] as const

/** @throws Malformed */
export function readCommand(line: string, bytes: Uint8Array): Command {
  const source = parseLine(line, bytes)
  const spans = spansOf(line, source.at, NAMES)
  const id = readId(line, spans)
  return within(id, () => readVerb(id, source, spans))
}

/** Member names of commands and replies; `id` is the first. */
export function readId(text: string, spans: readonly number[]): number {
  const start = startOf(spans, 0)
  return isThere(text, start) ? readInteger('uint32', 'id', text, start, endOf(spans, 0)) : 0
}

function readVerb(id: number, source: Source, spans: readonly number[]): Command {
  const nth = firstThere(source.text, spans, 1)
  const verb = VERBS[nth - 1]
  if (verb === undefined) return pong(id, source)
  if (id === 0 && verb !== 'send') throw new Malformed(`${verb} needs an id`)
  return readRequest(id, verb, objectAt(verb, source.text, startOf(spans, nth)))
}

/** An empty command replies to the server's ping. */
function pong(id: number, { text, at }: Source): Command {
  const others = [...members(text, at).keys()].some((key) => key !== 'id')
  if (id !== 0 || others) throw new Malformed('unknown verb')
  return { id: 0, verb: 'pong' }
}

function readRequest<V extends Verb>(id: number, verb: V, source: Source): Command {
  // The table relates verb and request, which the union type cannot express.
  return { id, verb, request: readMessage(REQUESTS[verb].of, source) } as Command
}

/**
 * Writes a command as the official SDKs do. Omits bytes that are not JSON, which test clients do not send.
 */
export function commandText(command: Command): string {
  if (command.verb === 'pong') return '{}'
  const request = writeMessage<object>(REQUESTS[command.verb].of, command.request) ?? '{}'
  const id = command.id === 0 ? '' : `,"id":${command.id}`
  return `{"${command.verb}":${request}${id}}`
}
