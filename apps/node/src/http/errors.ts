/** What every HTTP answer that is an error looks like: `{"error":{"code":404,"message":"…"}}`. */
import type { FastifyError, FastifyInstance } from 'fastify'

export function plainErrors(app: FastifyInstance): void {
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ error: { code: 404, message: 'there is nothing here' } }),
  )
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const status = error.statusCode ?? 500
    if (status >= 500) request.log.error({ err: error }, 'a request failed')
    const message = status >= 500 ? 'internal server error' : error.message
    return reply.code(status).send({ error: { code: status, message } })
  })
}
