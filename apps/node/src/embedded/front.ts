/**
 * One public address for several nodes of one process without nginx. It accepts TCP connections and gives
 * them to the nodes round-robin. Nodes see the client's own address.
 */
import { createServer, type Server } from 'node:net'
import type { RunningNode } from '../start.ts'

export interface Front {
  /** `http://host:port`. */
  readonly url: string
  /** Stops accepting. The nodes end their connections. */
  close(): Promise<void>
}

export interface FrontOptions {
  readonly host: string
  /** 0: any free port. */
  readonly port: number
}

const BACKLOG = 4096

export async function startFront(
  nodes: readonly Pick<RunningNode, 'handOver'>[],
  options: FrontOptions,
): Promise<Front> {
  let next = 0
  // Half-open, as the listener of an HTTP server: a reply may follow the end of the request.
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    nodes[next % nodes.length]?.handOver(socket)
    next++
  })
  await listening(server, options)
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : options.port
  return {
    url: `http://${options.host}:${port}`,
    // Not awaited: `close` waits for the connections, which the nodes end.
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
