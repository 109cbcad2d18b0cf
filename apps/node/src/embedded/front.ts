/**
 * One public address for several nodes of one process, where there is no nginx: accepts TCP connections and hands each to
 * a node, in turn. A connection stays with its node, as behind a proxy; nodes see the client's own address.
 */
import { createServer, type Server } from 'node:net'
import type { RunningNode } from '../start.ts'

export interface Front {
  /** `http://host:port`. */
  readonly url: string
  /** Accepts no more. Connections that nodes have are theirs to end. */
  close(): Promise<void>
}

export interface FrontOptions {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
}

const BACKLOG = 4096

export async function startFront(
  nodes: readonly Pick<RunningNode, 'handOver'>[],
  options: FrontOptions,
): Promise<Front> {
  let next = 0
  // As an HTTP server's own listener is made: half-open, so that an answer may follow the request's end.
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    nodes[next % nodes.length]?.handOver(socket)
    next++
  })
  await listening(server, options)
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : options.port
  return {
    url: `http://${options.host}:${port}`,
    // `close` would wait for connections that are the nodes' to end.
    close: async () => void server.close(),
  }
}

function listening(server: Server, { host, port }: FrontOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, backlog: BACKLOG }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
