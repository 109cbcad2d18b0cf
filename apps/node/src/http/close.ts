/** The end of an HTTP server that does not depend on who is still connected to it. */
import type { FastifyInstance } from 'fastify'

/** For answers under way, ms. Whoever has not read one by then would hold the node, and with it its lease, until it is killed. */
const PATIENCE = 2000

/** Resolves once every connection is gone; upgraded ones are not HTTP's any more and are not waited for. */
export async function closeServer(app: FastifyInstance): Promise<void> {
  const cut = setTimeout(() => app.server.closeAllConnections(), PATIENCE)
  try {
    await app.close()
  } finally {
    clearTimeout(cut)
  }
}
