/**
 * The front without nginx: one listener that passes each connection on to the nodes in turn, byte for byte. The protocol
 * needs no stickiness, so turns will do. A node that refuses is passed over; when all do, the connection is closed.
 */
import { connect, createServer, type Server, type Socket } from 'node:net'
import { pipeline } from 'node:stream'

export interface Listener {
  readonly port: number
  /** Ends the connections that are still open, too. */
  close(): Promise<void>
}

/** `targets` are the public ports of the nodes, on loopback. Port 0: any free one. */
export async function listen(port: number, targets: readonly number[]): Promise<Listener> {
  const open = new Set<Socket>()
  let turn = 0
  const server = createServer({ noDelay: true, pauseOnConnect: true, allowHalfOpen: true }, (client) => {
    open.add(client)
    client.on('close', () => open.delete(client))
    const order = targets.map((_, index) => targets[(turn + index) % targets.length] ?? 0)
    turn = (turn + 1) % Math.max(targets.length, 1)
    // Errors of a client that goes away before it has a node end in its `close`.
    client.on('error', () => client.destroy())
    passOn(client, order)
  })
  await started(server, port)
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: () => stop(server, open),
  }
}

function passOn(client: Socket, [target, ...others]: readonly number[]): void {
  if (target === undefined || client.destroyed) {
    client.destroy()
    return
  }
  const node = connect({ host: '127.0.0.1', port: target, noDelay: true, allowHalfOpen: true })
  const next = () => passOn(client, others)
  node.once('error', next)
  node.once('connect', () => {
    node.off('error', next)
    join(client, node)
  })
}

function join(client: Socket, node: Socket): void {
  if (client.destroyed) {
    node.destroy()
    return
  }
  pipeline(client, node, ended)
  pipeline(node, client, ended)
}

/** When one side fails `pipeline` has destroyed both; the two ends see it as a closed connection, and nobody else cares. */
const ended = (): void => undefined

const started = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })

const stop = (server: Server, open: ReadonlySet<Socket>): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    for (const socket of open) socket.destroy()
  })
