/** A stub node: echoes the request it received, accepts upgrades, and can refuse like a draining node. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'

/** The received request as JSON: the body of a GET reply, the header `x-seen` of an upgrade reply. */
export interface Seen {
  readonly node: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

export interface Upstream {
  readonly name: string
  /** `127.0.0.1:port`. */
  readonly address: string
  /** Number of received requests. */
  requests(): number
  /** Answers every further request with 503, like a draining node. */
  refuse(): void
  /** Reverts {@link refuse}. */
  serve(): void
  close(): Promise<void>
}

export async function startUpstream(name: string): Promise<Upstream> {
  let refusing = false
  let requests = 0
  const sockets = new Set<Duplex>()
  const server = createServer((request, response) => {
    requests += 1
    answer(name, request, response, refusing)
  })
  server.on('upgrade', (request, socket) => {
    requests += 1
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
    socket.write(refusing ? REFUSED : accepted(name, request))
    if (refusing) socket.end()
    else socket.pipe(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    name,
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    refuse: () => {
      refusing = true
    },
    serve: () => {
      refusing = false
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const REFUSED =
  'HTTP/1.1 503 Service Unavailable\r\nRetry-After: 3\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'

function accepted(name: string, request: IncomingMessage): string {
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nX-Seen: ${seen(name, request)}\r\n\r\n`
}

function answer(name: string, request: IncomingMessage, response: ServerResponse, refusing: boolean): void {
  response.statusCode = refusing ? 503 : 200
  response.end(seen(name, request))
}

function seen(node: string, request: IncomingMessage): string {
  return JSON.stringify({ node, url: request.url ?? '', headers: request.headers })
}
