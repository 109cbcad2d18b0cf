/** One length-prefixed command in Protobuf. */
import type { Command, Verb } from '../messages.ts'
import { Malformed, within } from '../wire/malformed.ts'
import { REQUESTS, VERBS } from '../wire/requests.ts'
import { readMessage } from './read.ts'
import { DELIMITED, eachField, expect, integer, type Reader, VARINT } from './reader.ts'
import { tag, type Writer, writeField } from './write.ts'

const VERB_OF_NUMBER = new Map(VERBS.map((verb) => [REQUESTS[verb].no, verb]))
const ID = 1

/** The outermost fields. Requests are read once the id and the verb are known. */
interface Outline {
  id: number
  verb: Verb | undefined
  /** Position of the request of `verb`: its length prefix. */
  at: number
  unknown: boolean
}

/** @throws Malformed */
export function readCommand(reader: Reader): Command {
  const outline = readOutline(reader)
  return within(outline.id, () => readVerb(outline, reader))
}

function readOutline(reader: Reader): Outline {
  const outline: Outline = { id: 0, verb: undefined, at: 0, unknown: false }
  eachField(reader, (number, wireType) => {
    if (number === ID) {
      expect('id', wireType, VARINT)
      outline.id = integer(reader, 'uint32', 'id')
      return true
    }
    note(outline, number, wireType, reader.pos)
    return false
  })
  return outline
}

/** Of several verbs, the lowest field number counts. */
function note(outline: Outline, number: number, wireType: number, at: number): void {
  const verb = VERB_OF_NUMBER.get(number)
  if (verb === undefined) {
    outline.unknown = true
    return
  }
  expect(verb, wireType, DELIMITED)
  if (outline.verb !== undefined && REQUESTS[outline.verb].no < number) return
  outline.verb = verb
  outline.at = at
}

function readVerb({ id, verb, at, unknown }: Outline, reader: Reader): Command {
  if (verb === undefined) {
    if (id !== 0 || unknown) throw new Malformed('unknown verb')
    return { id: 0, verb: 'pong' }
  }
  if (id === 0 && verb !== 'send') throw new Malformed(`${verb} needs an id`)
  const end = reader.pos
  reader.pos = at
  // The table relates verb and request, which the union type cannot express.
  const command = { id, verb, request: readMessage<object>(REQUESTS[verb].of, reader) } as Command
  reader.pos = end
  return command
}

export function writeCommand(writer: Writer, command: Command): void {
  writer.fork()
  if (command.id !== 0) tag(writer, ID, VARINT).uint32(command.id)
  if (command.verb !== 'pong') {
    const { no, of } = REQUESTS[command.verb]
    writeField<object>(writer, no, of, command.request)
  }
  writer.ldelim()
}
