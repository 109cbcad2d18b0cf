/** The client's types against the server's schemas. The compiler checks them; the test stands for it. */
import type * as server from '@skein/chat'
import type * as client from '@skein/client'
import { expect, test } from 'vitest'

/** Each is assignable to the other. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false
type Kinds<T extends { readonly event: string }> = T['event']

const SAME: readonly true[] = [
  true satisfies Same<client.Message, server.Message>,
  true satisfies Same<client.Amendment, server.Amendment>,
  true satisfies Same<client.Item, server.Item>,
  true satisfies Same<client.Room, server.Room>,
  true satisfies Same<client.ConversationView, server.ConversationView>,
  true satisfies Same<client.Person, server.Person>,
  true satisfies Same<client.System, server.System>,
  true satisfies Same<client.Target, server.Target>,
  // The server's have members that the client ignores.
  true satisfies [server.ChatEvent] extends [client.ServerEvent] ? true : false,
  true satisfies Same<Kinds<client.ServerEvent>, Kinds<server.ChatEvent>>,
]

test('the shapes of client and server are the same', () => {
  expect(SAME).not.toContain(false)
})
