import { createServer } from 'node:net'
import { Failure } from '../command.ts'

/** Outside the kernel's range for outgoing connections (32768-60999), so that a part can come back on its port. */
const FIRST = 20_000
const LAST = 32_000

/** Ports of the loopback interface that nobody listens on now, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>()
  for (let attempt = 0; attempt < 500 && found.size < count; attempt++) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST))
    if ((await problemWith(port, '127.0.0.1')) === undefined) found.add(port)
  }
  if (found.size < count) throw new Failure(`found no ${count} free ports between ${FIRST} and ${LAST}`)
  return [...found]
}

/** Throws {@link Failure} when somebody listens on the endpoint's port, on any of the addresses `localhost` may mean. */
export async function ensureFree(port: number): Promise<void> {
  for (const host of ['0.0.0.0', '127.0.0.1', '::1']) {
    const code = await problemWith(port, host)
    if (code === 'EACCES') throw new Failure(`port ${port} needs root: choose another with --port N`)
    if (code === 'EADDRINUSE') {
      throw new Failure(
        `port ${port} is taken on ${host}: stop what listens there, or choose another with --port N`,
      )
    }
  }
}

/** The error code of listening there. A machine without IPv6 has no ::1 to be taken, which is no problem. */
const problemWith = (port: number, host: string): Promise<string | undefined> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code))
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)))
  })
