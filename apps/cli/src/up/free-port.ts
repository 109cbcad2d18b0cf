import { createServer } from 'node:net'
import { Failure } from '../command.ts'

/** Below the ephemeral port range of Linux (32768-60999), so a restarted part finds its port free. */
const FIRST_PORT = 20_000
const LAST_PORT = 32_000
const MAX_ATTEMPTS = 500

/** Distinct free ports of the loopback interface. */
export async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>()
  for (let attempt = 0; attempt < MAX_ATTEMPTS && found.size < count; attempt++) {
    const port = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT))
    if ((await problemWith(port, '127.0.0.1')) === undefined) found.add(port)
  }
  if (found.size < count) {
    throw new Failure(
      `only ${found.size} of ${count} ports are free from ${FIRST_PORT} to ${LAST_PORT}: stop listeners`,
    )
  }
  return [...found]
}

/** Throws {@link Failure} if the endpoint port is in use on any address that `localhost` may resolve to. */
export async function ensureFree(port: number): Promise<void> {
  for (const host of ['0.0.0.0', '127.0.0.1', '::1']) {
    const code = await problemWith(port, host)
    if (code === 'EACCES') throw new Failure(`port ${port} requires root: choose another with --port N`)
    if (code === 'EADDRINUSE') {
      throw new Failure(
        `port ${port} is in use on ${host}: stop its listener, or choose another with --port N`,
      )
    }
  }
}

/** The error code of a listen on that address. EADDRNOTAVAIL for ::1 (no IPv6) is harmless. */
const problemWith = (port: number, host: string): Promise<string | undefined> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code))
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)))
  })
