/** One call that clients can make: its shapes, and what it does. */
import type { Static, TSchema } from 'typebox'
import type { Caller, ChatContext } from '../context.ts'

export interface Verb<Q extends TSchema = TSchema, R extends TSchema = TSchema> {
  readonly method: string
  readonly summary: string
  readonly request: Q
  readonly reply: R
  handle(chat: ChatContext, caller: Caller, request: Static<Q>): Promise<Static<R>>
}

/** For the types' sake: request and reply of `handle` are those of the schemas. */
export function verb<Q extends TSchema, R extends TSchema>(definition: Verb<Q, R>): Verb<Q, R> {
  return definition
}
