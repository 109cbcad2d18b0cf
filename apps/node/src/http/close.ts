/** Closes an HTTP server within a bounded time. */
import type { FastifyInstance } from 'fastify'

/**
 * Time for replies in flight. A client that reads nothing would otherwise keep the node and its lease until
 * SIGKILL.
 */
const REPLY_TIMEOUT_MS = 2000

/** Resolves when every connection is closed, except for upgraded ones. */
export async function closeServer(app: FastifyInstance): Promise<void> {
  const cut = setTimeout(() => app.server.closeAllConnections(), REPLY_TIMEOUT_MS)
  try {
    await app.close()
  } finally {
    clearTimeout(cut)
  }
}
