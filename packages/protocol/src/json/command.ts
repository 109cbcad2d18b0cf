/** One command as a line of JSON. */
import type { Command, Verb } from '../messages.ts'
import { Malformed, within } from '../wire/malformed.ts'
import { REQUESTS, VERBS } from '../wire/requests.ts'
import { parseLine } from './line.ts'
import { child, property, readInteger, readMessage, type Source } from './read.ts'
import { writeMessage } from './write.ts'

/** @throws Malformed */
export function readCommand(line: string): Command {
  const source = parseLine(line)
  const id = readId(source.value)
  return within(id, () => readVerb(id, source))
}

export function readId(value: object): number {
  return readInteger('uint32', 'id', property(value, 'id') ?? 0)
}

function readVerb(id: number, source: Source): Command {
  const verb = VERBS.find((name) => property(source.value, name) !== undefined)
  if (verb === undefined) return pong(id, source.value)
  if (id === 0 && verb !== 'send') throw new Malformed(`${verb} needs an id`)
  return readRequest(id, verb, source)
}

/** An empty command answers the server's ping. */
function pong(id: number, value: object): Command {
  if (id !== 0 || Object.keys(value).some((key) => key !== 'id')) throw new Malformed('unknown verb')
  return { id: 0, verb: 'pong' }
}

function readRequest<V extends Verb>(id: number, verb: V, source: Source): Command {
  const inner = child(source, verb) ?? source
  // The table ties verb and request together, which the union cannot see.
  return { id, verb, request: readMessage(REQUESTS[verb].of, inner) } as Command
}

/** As the official SDKs write it. Bytes that are not JSON are left out: test clients do not send these. */
export function commandText(command: Command): string {
  if (command.verb === 'pong') return '{}'
  const request = writeMessage<object>(REQUESTS[command.verb].of, command.request) ?? '{}'
  const id = command.id === 0 ? '' : `,"id":${command.id}`
  return `{"${command.verb}":${request}${id}}`
}
