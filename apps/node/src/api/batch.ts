/**
 * `POST /api/batch`: several commands in one request. Its reply has no `result` around it, as in Centrifugo.
 */
import { ReplyError } from '@skein/core'
import { ERROR } from '@skein/protocol'
import Type, { type Static } from 'typebox'
import { type ApiServer, attempt } from './dispatch.ts'
import { errorText } from './errors.ts'
import { array, type JsonText, object } from './json.ts'
import { optional, request, validated } from './method.ts'

export const BatchSchema = request({
  commands: Type.Array(Type.Record(Type.String(), Type.Unknown()), {
    maxItems: 10_000,
    description: 'Objects with one field, the method: `{"publish":{"channel":"news:a","data":1}}`.',
  }),
  parallel: optional(
    Type.Boolean({ description: 'Runs the commands concurrently; otherwise one after the other.' }),
  ),
})

export const BatchReplySchema = Type.Object({
  replies: Type.Array(Type.Object({}), {
    description: 'In the order of the commands: `{"publish":{…}}` or `{"error":{…}}`.',
  }),
})

const check = validated(BatchSchema)

/** The reply as JSON: `{"replies":[…]}` or `{"error":{…}}`. Never rejects. */
export async function callBatch(server: ApiServer, body: unknown): Promise<JsonText> {
  try {
    return object({ replies: array(await replies(server, check(body ?? {}))) })
  } catch (error) {
    return object({ error: errorText(error) })
  }
}

async function replies(
  server: ApiServer,
  { commands, parallel }: Static<typeof BatchSchema>,
): Promise<JsonText[]> {
  if (parallel === true) return Promise.all(commands.map((command) => reply(server, command)))
  const inTurn: JsonText[] = []
  for (const command of commands) inTurn.push(await reply(server, command))
  return inTurn
}

async function reply(server: ApiServer, command: Readonly<Record<string, unknown>>): Promise<JsonText> {
  const [entry, ...more] = Object.entries(command)
  if (entry === undefined || more.length > 0) {
    return object({ error: errorText(new ReplyError(ERROR.badRequest, 'a command has one method')) })
  }
  const [name, params] = entry
  const outcome = await attempt(server, name, params)
  return 'result' in outcome ? object({ [name]: outcome.result }) : object({ error: outcome.error })
}
