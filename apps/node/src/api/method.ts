/** A method of the server API: a schema of its parameters, a schema of its result, and a handler. */
import type { SkeinNode } from '@skein/core'
import { ReplyError } from '@skein/core'
import { ERROR } from '@skein/protocol'
import Type, { type Static, type TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import type { Maintenance } from '../process/maintenance.ts'
import type { JsonText } from './json.ts'

/** A method of the application, called by `rpc`. It throws `ReplyError` to reply with an error. */
export type RpcMethod = (params: unknown) => unknown | Promise<unknown>

export interface ApiContext {
  readonly node: SkeinNode
  readonly rpc: ReadonlyMap<string, RpcMethod>
  /** Of the node. */
  readonly name: string
  readonly maintenance: Maintenance
}

export interface ApiMethod {
  readonly name: string
  readonly summary: string
  readonly request: TSchema
  readonly result: TSchema
  /** The result as JSON. Rejects with `ReplyError`; 107 if `params` violate the schema `request`. */
  call(context: ApiContext, params: unknown): Promise<JsonText>
}

interface Definition<S extends TSchema> {
  readonly name: string
  readonly summary: string
  readonly request: S
  readonly result: TSchema
  run(context: ApiContext, request: Static<S>): Promise<JsonText>
}

export function method<S extends TSchema>({ run, ...about }: Definition<S>): ApiMethod {
  const check = validated(about.request)
  return { ...about, call: async (context, params) => run(context, check(params)) }
}

/** Returns a validator. It throws `ReplyError` 107. */
export function validated<S extends TSchema>(schema: S): (value: unknown) => Static<S> {
  const validator = Compile(schema)
  return (value) => {
    if (!validator.Check(value)) throw badRequest(validator.Errors(value))
    return value as Static<S>
  }
}

interface Mistake {
  readonly keyword: string
  readonly instancePath: string
  readonly message: string
  readonly params: object
}

/** The first mistake as text: its field and its rule. */
function badRequest(mistakes: readonly Mistake[]): ReplyError {
  const mistake = mistakes.find(({ keyword }) => keyword !== 'boolean')
  return new ReplyError(ERROR.badRequest, mistake === undefined ? 'unreadable' : describe(mistake))
}

function describe({ keyword, instancePath, message, params }: Mistake): string {
  const where = instancePath === '' ? 'the request' : instancePath.slice(1).replaceAll('/', '.')
  if (keyword === 'additionalProperties' && 'additionalProperties' in params) {
    return `${where} has unknown fields: ${String(params.additionalProperties)}`
  }
  if (keyword === 'required' && 'requiredProperties' in params) {
    return `${where} lacks ${String(params.requiredProperties)}`
  }
  return `${where} ${message}`
}

const STRICT = { additionalProperties: false }

/** An object without further fields: a mistyped name is an error. */
export const request = <P extends Record<string, TSchema>>(properties: P) => Type.Object(properties, STRICT)

export const optional = Type.Optional
export const Channel = Type.String({ minLength: 1, description: 'Name of a channel.' })
export const Empty = Type.Object({})
