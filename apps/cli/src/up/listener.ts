/**
 * The front without nginx: one listener that forwards each connection byte for byte to the next node, round
 * robin. The protocol requires no stickiness. A node that refuses is skipped; if all refuse, the connection
 * is closed.
 */
import { connect, createServer, type Server, type Socket } from 'node:net'
import { pipeline } from 'node:stream'

export interface Listener {
  readonly port: number
  /** Ends the open connections as well. */
  close(): Promise<void>
}

/** `targets` are the public ports of the nodes on loopback. Port 0 selects a free one. */
export async function listen(port: number, targets: readonly number[]): Promise<Listener> {
  const open = new Set<Socket>()
  let turn = 0
  const server = createServer({ noDelay: true, pauseOnConnect: true, allowHalfOpen: true }, (client) => {
    open.add(client)
    client.on('close', () => open.delete(client))
    const order = targets.map((_, index) => targets[(turn + index) % targets.length] ?? 0)
    turn = (turn + 1) % Math.max(targets.length, 1)
    // A client may disconnect before a node accepts it; its `close` event follows.
    client.on('error', () => client.destroy())
    forward(client, order)
  })
  await started(server, port)
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: () => stop(server, open),
  }
}

function forward(client: Socket, [target, ...others]: readonly number[]): void {
  if (target === undefined || client.destroyed) {
    client.destroy()
    return
  }
  const node = connect({ host: '127.0.0.1', port: target, noDelay: true, allowHalfOpen: true })
  const next = () => forward(client, others)
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

/** If one side fails, `pipeline` destroys both, and each end sees a closed connection. */
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
