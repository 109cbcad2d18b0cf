import { connect, createServer, type Server } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { type Listener, listen } from './listener.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  while (closing.length > 0) await closing.pop()?.()
})

/** A node that sends its name and then echoes. */
async function node(name: string): Promise<number> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.write(`${name} `)
    socket.on('data', (chunk) => socket.end(chunk))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => server.close())
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function front(targets: readonly number[]): Promise<Listener> {
  const listener = await listen(0, targets)
  closing.push(() => listener.close())
  return listener
}

/** All bytes received until the connection ends or is reset. */
const say = (port: number, words: string): Promise<string> =>
  new Promise((resolve) => {
    let received = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(words))
    socket.on('data', (chunk) => {
      received += chunk.toString()
    })
    socket.on('close', () => resolve(received))
    socket.on('error', () => resolve(received))
  })

it('forwards connections round robin, in both directions', async () => {
  const { port } = await front([await node('a'), await node('b')])
  expect([await say(port, '1'), await say(port, '2'), await say(port, '3')]).toEqual(['a 1', 'b 2', 'a 3'])
})

it('skips a node that does not listen', async () => {
  const { port } = await front([1, await node('b')])
  expect([await say(port, '1'), await say(port, '2')]).toEqual(['b 1', 'b 2'])
})

it('closes the connection if no node listens', async () => {
  const { port } = await front([1])
  expect(await say(port, '1')).toBe('')
})

it('ends open connections when it closes', async () => {
  const server = createServer((socket) => socket.on('error', () => socket.destroy()))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => server.close())
  const address = server.address()
  const listener = await listen(0, [typeof address === 'object' && address !== null ? address.port : 0])
  const ended = say(listener.port, 'hello')
  await new Promise((resolve) => server.once('connection', resolve))
  await listener.close()
  expect(await ended).toBe('')
})
