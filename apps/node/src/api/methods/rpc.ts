import { ReplyError } from '@skein/core'
import { ERROR } from '@skein/protocol'
import Type from 'typebox'
import { object } from '../json.ts'
import { method, optional, request } from '../method.ts'
import { written } from '../payload.ts'

export const rpc = method({
  name: 'rpc',
  summary: 'Call a method of the application',
  request: request({
    method: Type.String({ minLength: 1 }),
    params: optional(Type.Unknown()),
  }),
  result: Type.Object({ data: optional(Type.Unknown()) }),
  run: async ({ rpc: methods }, { method: name, params }) => {
    if (methods.size === 0) throw new ReplyError(ERROR.notAvailable)
    const called = methods.get(name)
    if (called === undefined) throw new ReplyError(ERROR.methodNotFound)
    const data = await called(params)
    return object({ data: data === undefined ? undefined : written(data) })
  },
})
