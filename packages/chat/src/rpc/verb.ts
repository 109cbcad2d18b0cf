/** One method that clients can call: its name, schemas and handler. */
import type { Static, TSchema } from 'typebox'
import type { Caller, ChatContext } from '../context.ts'

export interface Verb<Q extends TSchema = TSchema, R extends TSchema = TSchema> {
  readonly method: string
  readonly summary: string
  readonly request: Q
  readonly reply: R
  handle(chat: ChatContext, caller: Caller, request: Static<Q>): Promise<Static<R>>
}

/** Infers the types of `handle` from the schemas. */
export function verb<Q extends TSchema, R extends TSchema>(definition: Verb<Q, R>): Verb<Q, R> {
  return definition
}
