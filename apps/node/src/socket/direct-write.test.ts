import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { constants } from 'node:os'
import { describe, expect, it, onTestFinished } from 'vitest'
import { handleOf, type Writer, writeDirectly } from './direct-write.ts'

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

const nobody: Writer = {
  onWritten: () => undefined,
  onWriteFailed: (errno) => {
    throw new Error(`not to be told: ${errno}`)
  },
}

/** As `ClientSocket` asks: only where nothing waits in the stream. */
function write(socket: Socket, bytes: Uint8Array, writer = nobody): number | undefined {
  const handle = handleOf(socket)
  return handle === undefined || socket.writableLength > 0 ? undefined : writeDirectly(handle, bytes, writer)
}

/** The first write of a process goes through the stream; from then on it is known how. */
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
  it('delivers the bytes at once', async () => {
    const { near, far } = await learned()
    expect(write(near, Buffer.from('hello'))).toBe(0)
    expect((await received(far, 5)).toString()).toBe('hello')
  })

  it('keeps the order of writes by both ways, and says when the kernel has taken all', async () => {
    const { near, far } = await learned()
    far.pause()
    const large = Buffer.alloc(16 * 1024 * 1024, 'a')
    let written = false
    const done = new Promise<void>((resolve) => {
      const left = write(near, large, {
        ...nobody,
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

  it('uses no request again that is under way, also where nothing is left of its bytes', async () => {
    const { near, far } = await learned()
    far.pause()
    const { _handle: real } = near as unknown as { _handle: { writeBuffer: (...args: unknown[]) => number } }
    // As libuv has it when the kernel takes the rest at the second try. Named as handles of TCP are.
    class TCP {
      readonly writeQueueSize = 0
      writeBuffer(...args: unknown[]): number {
        return real.writeBuffer(...args)
      }
    }
    const socket = { _handle: new TCP(), writableLength: 0 } as unknown as Socket
    const large = Buffer.alloc(16 * 1024 * 1024, 'a')
    // With the same request, the second call would end this process.
    expect(write(socket, large)).toBe(0)
    expect(write(socket, Buffer.from('b'))).toBe(0)
    const all = await received(far, large.length + 1)
    expect(all.at(-1)).toBe('b'.charCodeAt(0))
  })

  it('writes nothing to a socket that is gone, and says so also to whoever has kept its handle', async () => {
    const { near } = await learned()
    const handle = handleOf(near)
    const failed: number[] = []
    const told: Writer = { ...nobody, onWriteFailed: (errno) => failed.push(errno) }
    const closed = once(near, 'close')
    near.destroy()
    expect(handleOf(near)).toBeUndefined()
    if (handle !== undefined) expect(writeDirectly(handle, Buffer.from('x'), told)).toBe(0)
    await closed
    if (handle !== undefined) expect(writeDirectly(handle, Buffer.from('x'), told)).toBe(0)
    expect(failed).toEqual([-constants.errno.EBADF, -constants.errno.EINVAL])
  })

  it('ends a socket whose other side is gone, and says nothing of what waits', async () => {
    const { near, far } = await learned()
    far.pause()
    let told = false
    const left = write(near, Buffer.alloc(16 * 1024 * 1024), {
      onWritten: () => {
        told = true
      },
      onWriteFailed: () => near.destroy(),
    })
    expect(left).toBeGreaterThan(0)
    const closed = new Promise((resolve) => near.once('close', resolve))
    far.resetAndDestroy()
    await closed
    expect(near.destroyed).toBe(true)
    expect(told).toBe(false)
  })
})
