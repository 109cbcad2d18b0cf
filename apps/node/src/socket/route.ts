/** `GET /connection/websocket`: upgrades go to `upgrade.ts`; plain requests are told what this address speaks. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { refusalOf } from './handshake.ts'
import { type Refusal, refusalHeaders } from './refusal.ts'
import { SOCKET_PATH, type UpgradeOptions, Upgrades } from './upgrade.ts'

export type SocketRouteOptions = Omit<UpgradeOptions, 'onFailure'>

async function plugin(app: FastifyInstance, options: SocketRouteOptions): Promise<void> {
  const { admission, onRefused } = options
  const onFailure = (error: unknown): void => app.log.error({ err: error }, 'an upgrade failed')
  app.server.on('upgrade', new Upgrades({ ...options, onFailure }).handle)

  app.addHook('onRequest', async (_request, reply) => {
    // The demo page, too: what is let go of here should be found elsewhere.
    const leaving = admission.leaving()
    if (leaving === undefined) return
    const refusal = refusalOf(leaving)
    onRefused(refusal.reason)
    return refuse(reply, refusal)
  })

  app.route({ method: 'GET', url: SOCKET_PATH, exposeHeadRoute: false, handler: upgradeRequired })
}

/** Not encapsulated: every upgrade of the server is answered here. */
export const socketRoute = fastifyPlugin(plugin, { name: 'socket-route' })

function refuse(reply: FastifyReply, refusal: Refusal): FastifyReply {
  return reply.code(refusal.status).headers(refusalHeaders(refusal)).send({ error: refusal.error })
}

function upgradeRequired(_request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = { code: 426, message: 'this address speaks WebSocket only' }
  return reply.code(426).header('upgrade', 'websocket').header('connection', 'upgrade').send({ error })
}
