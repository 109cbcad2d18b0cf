/** What the server sends, as a line of JSON: replies and pushes. */
import type { ServerMessage } from '../codec.ts'
import { stored } from '../envelope/encode.ts'
import type { Push, Reply, ReplyVerb } from '../messages.ts'
import { Malformed } from '../wire/malformed.ts'
import { bodyOf, pushOf } from '../wire/push.ts'
import { error, PUSH_KINDS, PUSHES, publication, REPLY_VERBS, RESULTS } from '../wire/results.ts'
import { readId } from './command.ts'
import { parseLine } from './line.ts'
import { publicationText } from './publication.ts'
import { child, property, readMessage, type Source } from './read.ts'
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
  const channel = 'channel' in push ? `"channel":${JSON.stringify(push.channel)},` : ''
  return body === undefined ? undefined : `{"push":{${channel}"${push.kind}":${body}}}`
}

/** The hot path. */
function publicationPush(push: Push & { kind: 'pub' }): string | undefined {
  const text = publicationText(push)
  return text === undefined ? undefined : `{"push":{"channel":${JSON.stringify(push.channel)},"pub":${text}}}`
}

/** @throws Malformed */
export function readServerMessage(line: string): ServerMessage {
  const source = parseLine(line)
  const push = child(source, 'push')
  if (push !== undefined) return { kind: 'push', push: readPush(push) }
  if (Object.keys(source.value).length === 0) return { kind: 'push', push: { kind: 'ping' } }
  return { kind: 'reply', reply: readReply(source) }
}

function readReply(source: Source): Reply {
  const id = readId(source.value)
  const failure = child(source, 'error')
  if (failure !== undefined) return { id, verb: 'error', error: readMessage(error, failure) }
  const verb = REPLY_VERBS.find((name) => property(source.value, name) !== undefined)
  if (verb === undefined) throw new Malformed(`reply ${id}: no known result`)
  return readResult(id, verb, source)
}

function readResult<V extends ReplyVerb>(id: number, verb: V, source: Source): Reply {
  const inner = child(source, verb) ?? source
  // The table ties verb and result together, which the union cannot see.
  return { id, verb, result: readMessage(RESULTS[verb].of, inner) } as Reply
}

function readPush(source: Source): Push {
  const channel = property(source.value, 'channel') ?? ''
  if (typeof channel !== 'string') throw new Malformed('channel must be a string')
  const pub = child(source, 'pub')
  if (pub !== undefined) return { kind: 'pub', channel, ...stored(readMessage(publication, pub)) }
  const kind = PUSH_KINDS.find((name) => property(source.value, name) !== undefined)
  if (kind === undefined) throw new Malformed('push: no known kind')
  return pushOf(kind, channel, readMessage<object>(PUSHES[kind].of, child(source, kind) ?? source))
}
