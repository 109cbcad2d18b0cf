import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { constants } from 'node:os'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { DirectWriter, handleOf, type Writer } from './direct-write.ts'

const writer = new DirectWriter()

/** Both ends of a TCP connection. */
async function pair(): Promise<{ near: Socket; far: Socket }> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const far = connect(typeof address === 'object' && address !== null ? address.port : 0, '127.0.0.1')
  const [near] = (await once(server, 'connection')) as [Socket]
  onTestFinished(() => {
    near.destroy()
    far.destroy()
    server.close()
  })
  near.on('error', () => undefined)
  return { near, far }
}

const unused: Writer = {
  onWritten: () => undefined,
  onWriteFailed: (errno) => {
    throw new Error(`the write failed: ${errno}`)
  },
}

/** As in `ClientSocket`: only if nothing waits in the stream. */
function write(socket: Socket, bytes: Uint8Array, calls = unused): number | undefined {
  const handle = handleOf(socket)
  return handle === undefined || socket.writableLength > 0 ? undefined : writer.write(handle, bytes, calls)
}

/** A pair after the first write, which goes through the stream and shows the class of requests. */
async function learned(): Promise<{ near: Socket; far: Socket }> {
  const first = await pair()
  if (write(first.near, Buffer.from('x')) === undefined) first.near.write(Buffer.from('x'))
  await once(first.far, 'data')
  return await pair()
}

async function received(far: Socket, bytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of far) {
    chunks.push(chunk as Buffer)
    length += (chunk as Buffer).length
    if (length >= bytes) break
  }
  return Buffer.concat(chunks)
}

describe('writing without the stream', () => {
  it('delivers the bytes', async () => {
    const { near, far } = await learned()
    expect(write(near, Buffer.from('hello'))).toBe(0)
    expect((await received(far, 5)).toString()).toBe('hello')
  })

  it('keeps the order with writes of the stream, and reports a completed partial write', async () => {
    const { near, far } = await learned()
    far.pause()
    const large = Buffer.alloc(16 * 1024 * 1024, 'a')
    let written = false
    const done = new Promise<void>((resolve) => {
      const left = write(near, large, {
        ...unused,
        onWritten: () => {
          written = true
          resolve()
        },
      })
      expect(left).toBeGreaterThan(0)
    })
    near.write('b')
    expect(write(near, Buffer.from('c'))).toBeUndefined()
    near.write('c')
    expect(written).toBe(false)
    const all = await received(far, large.length + 2)
    await done
    expect(all.length).toBe(large.length + 2)
    expect(all.subarray(0, large.length).equals(large)).toBe(true)
    expect(all.subarray(-2).toString()).toBe('bc')
  })

  it('does not reuse a request in flight, also if none of its bytes is left', async () => {
    const { near, far } = await learned()
    far.pause()
    const { _handle: real } = near as unknown as { _handle: { writeBuffer: (...args: unknown[]) => number } }
    // The state of libuv if the kernel accepts the rest at the second attempt. The name is that of TCP
    // handles.
    class TCP {
      readonly writeQueueSize = 0
      writeBuffer(...args: unknown[]): number {
        return real.writeBuffer(...args)
      }
    }
    const socket = { _handle: new TCP(), writableLength: 0 } as unknown as Socket
    const large = Buffer.alloc(16 * 1024 * 1024, 'a')
    // With the same request, the second call would abort this process.
    expect(write(socket, large)).toBe(0)
    expect(write(socket, Buffer.from('b'))).toBe(0)
    const all = await received(far, large.length + 1)
    expect(all.at(-1)).toBe('b'.charCodeAt(0))
  })

  it('writes nothing to a closed socket, and reports the failure to an owner of its handle', async () => {
    const { near } = await learned()
    const handle = handleOf(near)
    const failed: number[] = []
    const calls: Writer = { ...unused, onWriteFailed: (errno) => failed.push(errno) }
    const closed = once(near, 'close')
    near.destroy()
    expect(handleOf(near)).toBeUndefined()
    if (handle !== undefined) expect(writer.write(handle, Buffer.from('x'), calls)).toBe(0)
    await closed
    if (handle !== undefined) expect(writer.write(handle, Buffer.from('x'), calls)).toBe(0)
    expect(failed).toEqual([-constants.errno.EBADF, -constants.errno.EINVAL])
  })

  it('reports the failure of a partial write, and no completion, after a reset', async () => {
    const { near, far } = await learned()
    far.pause()
    let written = false
    const left = write(near, Buffer.alloc(16 * 1024 * 1024), {
      onWritten: () => {
        written = true
      },
      onWriteFailed: () => near.destroy(),
    })
    expect(left).toBeGreaterThan(0)
    const closed = new Promise((resolve) => near.once('close', resolve))
    far.resetAndDestroy()
    await closed
    expect(near.destroyed).toBe(true)
    expect(written).toBe(false)
  })

  it('delivers every byte and does not abort in 100,000 writes with partial writes and resets', async () => {
    const run = promisify(execFile)
    const { stdout } = await run(process.execPath, [new URL('stress.ts', import.meta.url).pathname, '100000'])
    const counts = JSON.parse(stdout)
    expect(counts.writes).toBeGreaterThanOrEqual(100_000)
    for (const kind of ['partial', 'stream', 'resets', 'closed'])
      expect(counts[kind], kind).toBeGreaterThan(0)
  }, 60_000)
})
