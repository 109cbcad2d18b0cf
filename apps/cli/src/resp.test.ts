import { createServer, type Server } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { askRedis } from './resp.ts'

let server: Server | undefined
afterEach(() => server?.close())

/** Address of a server that answers the first request with these bytes, one write per piece. */
const answering = async (...pieces: string[]): Promise<string> => {
  server = createServer((socket) => {
    socket.once('data', async () => {
      for (const piece of pieces) {
        socket.write(piece)
        await new Promise((resolve) => setImmediate(resolve))
      }
    })
  })
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return `127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
}

it('parses every reply type across chunk boundaries', async () => {
  const at = await answering(
    '+PO',
    'NG\r\n:7\r\n$3\r\na\r',
    'c\r\n$-1\r\n*2\r\n$1\r\nx\r\n:1\r\n',
    '-ERR no\r\n',
  )
  const commands = Array.from({ length: 6 }, () => ['PING'])
  expect(await askRedis(`redis://${at}`, commands)).toEqual([
    'PONG',
    7,
    'a\rc',
    null,
    ['x', 1],
    new Error('ERR no'),
  ])
})

it('reports a wrong password', async () => {
  const at = await answering('-WRONGPASS no\r\n', '+PONG\r\n')
  await expect(askRedis(`redis://:secret@${at}`, [['PING']])).rejects.toThrow('WRONGPASS no')
})

it('rejects a server that does not speak RESP', async () => {
  const at = await answering('HTTP/1.1 400 Bad Request\r\n\r\n')
  await expect(askRedis(`redis://${at}`, [['PING']])).rejects.toThrow('does not speak RESP')
})

it('rejects a refused connection', async () => {
  await expect(askRedis('redis://127.0.0.1:1', [['PING']])).rejects.toThrow('ECONNREFUSED')
})
