import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { Readable } from 'node:stream'
import Fastify from 'fastify'
import { expect, it, onTestFinished } from 'vitest'
import { closeServer } from './close.ts'

async function listening() {
  const app = Fastify({ logger: false })
  const asked = Promise.withResolvers<void>()
  const answer = Promise.withResolvers<string | Readable>()
  app.get('/', () => {
    asked.resolve()
    return answer.promise
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const client = connect(port, '127.0.0.1')
  onTestFinished(() => void client.destroy())
  client.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n')
  await asked.promise
  return { app, client, answer }
}

it('completes replies in flight', async () => {
  const { app, client, answer } = await listening()
  const closed = closeServer(app)
  answer.resolve('whole')
  const [bytes] = (await once(client, 'data')) as [Buffer]
  expect(bytes.toString()).toContain('whole')
  await closed
})

it('does not wait for a client that reads nothing', async () => {
  const { app, client, answer } = await listening()
  client.pause()
  const piece = Buffer.alloc(65_536)
  const endless = new Readable({
    read() {
      this.push(piece)
    },
  })
  answer.resolve(endless)
  await closeServer(app)
})
