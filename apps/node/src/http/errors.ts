/** The form of every HTTP error: `{"error":{"code":404,"message":"…"}}`. */
import type { FastifyError, FastifyInstance } from 'fastify'

export function plainErrors(app: FastifyInstance): void {
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ error: { code: 404, message: 'no such route' } }),
  )
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const status = error.statusCode ?? 500
    // With the id: the WebSocket route has no logger for each request.
    if (status >= 500) app.log.error({ request: request.id, err: error }, 'a request failed')
    const message = status >= 500 ? 'internal server error' : error.message
    return reply.code(status).send({ error: { code: status, message } })
  })
}
