import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { Deadlines } from './deadlines.ts'

const TIMEOUT_MS = 20

function command() {
  const settle = () => {
    made.isSettled = true
  }
  const made = { isSettled: false, settle, reject: vi.fn(settle) }
  return made
}

/** Two ends of a TCP connection. */
async function sockets(): Promise<[near: Socket, far: Socket]> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const accepted = once(server, 'connection')
  const near = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const [far] = (await accepted) as [Socket]
  onTestFinished(() => {
    near.destroy()
    far.destroy()
    server.close()
  })
  return [near, far]
}

function stall(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end);
}

test('rejects each command without a reply at its own deadline, and no other', async () => {
  const start = performance.now()
  const rejections: number[] = []
  const deadlines = new Deadlines(TIMEOUT_MS, () => rejections.push(performance.now()))
  const [first, replied, later] = [command(), command(), command()]
  deadlines.add(first)
  deadlines.add(replied)
  replied.settle()
  stall(TIMEOUT_MS / 2)
  const addedAt = performance.now()
  deadlines.add(later)
  await vi.waitFor(() => expect(rejections).toHaveLength(2), { interval: 1 })
  expect(rejections[0]).toBeGreaterThanOrEqual(start + TIMEOUT_MS)
  expect(rejections[1]).toBeGreaterThanOrEqual(addedAt + TIMEOUT_MS)
  expect(first.reject).toHaveBeenCalledWith(new Error('Command timed out'))
  expect(replied.reject).not.toHaveBeenCalled()
})

test('a reply that arrived during a stall of the process settles its command', async () => {
  const [near, far] = await sockets()
  const onTimeout = vi.fn()
  const deadlines = new Deadlines(TIMEOUT_MS, onTimeout)
  const waiting = command()
  near.once('data', waiting.settle)
  // Timers run next, before the sockets are read.
  await new Promise((resolve) => setImmediate(resolve))
  deadlines.add(waiting)
  far.write('+OK\r\n')
  stall(2 * TIMEOUT_MS)
  const last = command()
  deadlines.add(last)
  await vi.waitFor(() => expect(last.reject).toHaveBeenCalled(), { interval: 1 })
  expect(waiting.reject).not.toHaveBeenCalled()
  expect(onTimeout).toHaveBeenCalledOnce()
})
