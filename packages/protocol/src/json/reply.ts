/** Replies and pushes of the server as a line of JSON. */
import type { ServerMessage } from '../codec.ts'
import { stored } from '../envelope/encode.ts'
import type { Push, Reply, ReplyVerb } from '../messages.ts'
import { Malformed } from '../wire/malformed.ts'
import { bodyOf, pushOf } from '../wire/push.ts'
import { error, PUSH_KINDS, PUSHES, publication, REPLY_VERBS, RESULTS } from '../wire/results.ts'
import { readId } from './command.ts'
import { parseLine } from './line.ts'
import { publicationText } from './publication.ts'
import { quoted } from './quote.ts'
import { firstThere, isThere, objectAt, readMessage, type Source } from './read.ts'
import { readString } from './scalar.ts'
import { endOf, isEmpty, spansOf, startOf } from './scan.ts'
import { writeMessage } from './write.ts'

export function replyText(reply: Reply): string | undefined {
  const text =
    reply.verb === 'error'
      ? writeMessage(error, reply.error)
      : writeMessage<object>(RESULTS[reply.verb].of, reply.result)
  return text === undefined ? undefined : `{"id":${reply.id},"${reply.verb}":${text}}`
}

export function pushText(push: Push): string | undefined {
  if (push.kind === 'pub') return publicationPush(push)
  if (push.kind === 'ping') return '{}'
  const body = writeMessage<object>(PUSHES[push.kind].of, bodyOf(push))
  const channel = 'channel' in push ? `"channel":${quoted(push.channel)},` : ''
  return body === undefined ? undefined : `{"push":{${channel}"${push.kind}":${body}}}`
}

/** The hot path. */
function publicationPush(push: Push & { kind: 'pub' }): string | undefined {
  const text = publicationText(push)
  return text === undefined ? undefined : `{"push":{"channel":${quoted(push.channel)},"pub":${text}}}`
}

const REPLY_NAMES = ['id', 'push', 'error', ...REPLY_VERBS] as const
const PUSH_NAMES = ['channel', 'pub', ...PUSH_KINDS] as const

/** @throws Malformed */
export function readServerMessage(line: string, bytes: Uint8Array): ServerMessage {
  const source = parseLine(line, bytes)
  const spans = spansOf(line, source.at, REPLY_NAMES)
  const push = startOf(spans, 1)
  if (isThere(line, push)) return { kind: 'push', push: readPush(objectAt('push', line, push)) }
  if (isEmpty(source)) return { kind: 'push', push: { kind: 'ping' } }
  return { kind: 'reply', reply: readReply(line, spans) }
}

function readReply(line: string, spans: readonly number[]): Reply {
  const id = readId(line, spans)
  const nth = firstThere(line, spans, 2)
  if (nth === 2)
    return { id, verb: 'error', error: readMessage(error, objectAt('error', line, startOf(spans, 2))) }
  const verb = REPLY_VERBS[nth - 3]
  if (verb === undefined) throw new Malformed(`reply ${id}: no known result`)
  return readResult(id, verb, objectAt(verb, line, startOf(spans, nth)))
}

function readResult<V extends ReplyVerb>(id: number, verb: V, source: Source): Reply {
  // The table relates verb and result, which the union type cannot express.
  return { id, verb, result: readMessage(RESULTS[verb].of, source) } as Reply
}

function readPush({ text, at }: Source): Push {
  const spans = spansOf(text, at, PUSH_NAMES)
  const name = startOf(spans, 0)
  const channel = isThere(text, name) ? readString('channel', text, name, endOf(spans, 0)) : ''
  const nth = firstThere(text, spans, 1)
  const kind = PUSH_NAMES[nth]
  if (kind === undefined || kind === 'channel') throw new Malformed('push: no known kind')
  const body = objectAt(kind, text, startOf(spans, nth))
  if (kind === 'pub') return { kind, channel, ...stored(readMessage(publication, body)) }
  return pushOf(kind, channel, readMessage<object>(PUSHES[kind].of, body))
}
