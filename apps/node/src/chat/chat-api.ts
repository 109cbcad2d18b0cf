/** Methods of chat for backends and operators, by `rpc` of the server API. */
import type { Chat } from '@skein/chat'
import type { SkeinNode } from '@skein/core'
import Type from 'typebox'
import { type RpcMethod, validated } from '../api/method.ts'

const strict = { additionalProperties: false }
const user = Type.String({ minLength: 1, maxLength: 64 })
const paging = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50 })),
  cursor: Type.Optional(Type.String()),
}

const ofUser = validated(Type.Object({ user }, strict))
const page = validated(Type.Object({ user, ...paging }, strict))
const letters = validated(Type.Object({ user: Type.Optional(user), ...paging }, strict))
const letter = validated(Type.Object({ id: Type.String({ minLength: 1 }) }, strict))
const announcement = validated(
  Type.Object(
    { room: Type.Optional(Type.String()), body: Type.String(), id: Type.Optional(Type.String()) },
    strict,
  ),
)

/** Each throws `ReplyError` 107 for invalid parameters. docs/reference/chat.md lists them. */
export function chatMethods(chat: Chat, node: SkeinNode): ReadonlyMap<string, RpcMethod> {
  return new Map<string, RpcMethod>([
    [
      'chat.conversations',
      (params) => {
        const { user: of, ...rest } = page(params)
        return chat.conversations(of, rest)
      },
    ],
    ['chat.sessions', async (params) => ({ sessions: await sessions(chat, node, ofUser(params).user) })],
    ['chat.dead_letters', (params) => chat.deadLetters(letters(params))],
    ['chat.replay', async (params) => ({ replayed: await chat.replay(letter(params).id) })],
    [
      'chat.announce',
      async (params) => {
        const { room, body, id } = announcement(params)
        await chat.announce(room === undefined ? 'everyone' : { room }, body, id)
        return {}
      },
    ],
  ])
}

/** Sessions with the names of their nodes. */
async function sessions(chat: Chat, node: SkeinNode, user: string): Promise<object[]> {
  const [found, nodes] = await Promise.all([chat.sessions(user), node.info()])
  return found.map((session) => {
    const nodeName = nodes.find(({ uid }) => uid === session.node)?.name
    return { ...session, ...(nodeName !== undefined && { nodeName }) }
  })
}
