/** `/api/*` over HTTP. A method reports an error with status 200 and `error`, as Centrifugo's SDKs expect. */

import { ERROR } from '@skein/protocol'
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import Type, { type TSchema } from 'typebox'
import { BatchReplySchema, BatchSchema, callBatch } from './batch.ts'
import { type ApiServer, callMethod, METHODS } from './dispatch.ts'
import { type JsonText, parseExactly } from './json.ts'
import { keyChecker } from './key.ts'
import { optional, request } from './method.ts'

export interface ApiOptions {
  readonly server: ApiServer
  /** Empty: the API is disabled. */
  readonly apiKey: string
  /** Accepted beside `apiKey` during a rotation. Empty: none. */
  readonly apiKeyPrevious: string
  /** Bytes. */
  readonly maxBody: number
}

async function plugin(
  app: FastifyInstance,
  { server, apiKey, apiKeyPrevious, maxBody }: ApiOptions,
): Promise<void> {
  const mayCall = keyChecker(apiKey, apiKeyPrevious)

  app.addHook('onRequest', async (incoming, reply) => {
    if (mayCall(incoming.headers)) return
    const message = apiKey === '' ? 'the server API is off: set SKEIN_API_KEY' : 'wrong or missing X-API-Key'
    return sendError(reply, 401, ERROR.unauthorized.code, message)
  })
  // Centrifugo's SDKs and curl send various content types. The body is always JSON.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string', bodyLimit: maxBody }, (_request, body, done) => {
    try {
      done(null, body === '' ? {} : parseExactly(String(body)))
    } catch (error) {
      const detail = error instanceof RangeError ? 'the body is nested too deeply' : 'the body is no JSON'
      done(Object.assign(new Error(detail), { statusCode: 400 }))
    }
  })
  // Schemas are documentation here. Each method validates its own parameters, since `batch` calls methods as
  // well.
  app.setValidatorCompiler(() => () => true)
  app.setSerializerCompiler(() => (value) => JSON.stringify(value))
  app.setErrorHandler<FastifyError>((error, incoming, reply) => {
    const status = error.statusCode ?? 500
    if (status >= 500) incoming.log.error({ err: error }, 'the server API failed')
    const code = status >= 500 ? ERROR.internal.code : ERROR.badRequest.code
    return sendError(
      reply,
      status,
      code,
      status >= 500 ? ERROR.internal.message : `bad request: ${error.message}`,
    )
  })

  for (const { name, summary, request: body, result } of METHODS) {
    app.post(`/${name}`, { schema: documented(summary, body, replyOf(result)) }, async (incoming, reply) =>
      sendJson(reply, await callMethod(server, name, incoming.body)),
    )
  }
  const aboutBatch = documented('Several commands in one request', BatchSchema, BatchReplySchema)
  app.post('/batch', { schema: aboutBatch }, async (incoming, reply) =>
    sendJson(reply, await callBatch(server, incoming.body)),
  )
  const aboutAny = documented('Any method by its name', AnySchema, replyOf(Type.Object({})))
  app.post('/', { schema: aboutAny }, async (incoming, reply) => {
    const { method = '', params } = (incoming.body ?? {}) as {
      readonly method?: unknown
      readonly params?: unknown
    }
    return sendJson(reply, await callMethod(server, String(method), params))
  })
}

export const apiPlugin = fastifyPlugin(plugin, { name: 'server-api', encapsulate: true })

const AnySchema = request({ method: Type.String(), params: optional(Type.Unknown()) })

const ErrorSchema = Type.Object({ code: Type.Integer(), message: Type.String() })

const replyOf = (result: TSchema) => Type.Object({ result: optional(result), error: optional(ErrorSchema) })

function documented(summary: string, body: TSchema, reply: TSchema) {
  return { summary, tags: ['server API'], security: [{ apiKey: [] }], body, response: { 200: reply } }
}

function sendJson(reply: FastifyReply, text: JsonText): FastifyReply {
  return reply.type('application/json; charset=utf-8').send(text)
}

function sendError(reply: FastifyReply, status: number, code: number, message: string): FastifyReply {
  return reply.code(status).send({ error: { code, message } })
}
