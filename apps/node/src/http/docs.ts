/**
 * OpenAPI of the internal listener at `/docs`, from the schemas of its routes. Register it before these
 * routes.
 */
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'

export async function docs(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Skein: server API',
        version,
        description:
          'Requests and replies have the shapes of Centrifugo’s HTTP API. A method reports an error with status 200 and `error`.',
      },
      components: { securitySchemes: { apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' } } },
    },
  })
  await app.register(swaggerUi, { routePrefix: '/docs' })
}
