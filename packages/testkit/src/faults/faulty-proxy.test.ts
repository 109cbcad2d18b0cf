import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { waitFor } from '../wait.ts'
import { FaultyProxy } from './faulty-proxy.ts'

/** An echo server behind a proxy, and a client of it. */
async function echo(): Promise<{ proxy: FaultyProxy; client: Socket; heard: () => string }> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.pipe(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const proxy = await FaultyProxy.start(`tcp://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const client = connect(proxy.port, '127.0.0.1')
  let heard = ''
  client.on('data', (bytes) => {
    heard += bytes.toString()
  })
  client.on('error', () => client.destroy())
  onTestFinished(async () => {
    client.destroy()
    await proxy.stop()
    server.close()
  })
  await once(client, 'connect')
  return { proxy, client, heard: () => heard }
}

test('keeps the order of bytes under changing delays', async () => {
  const { proxy, client, heard } = await echo()
  client.write('a')
  await waitFor('an echo', () => heard() === 'a')
  proxy.delay(60)
  const began = performance.now()
  client.write('b')
  await new Promise((resolve) => setTimeout(resolve, 10))
  proxy.delay(0)
  client.write('c')
  await waitFor('all echoes', () => heard() === 'abc')
  expect(performance.now() - began).toBeGreaterThan(55)
})

test('keeps the order of bytes when delays of different lengths end at the same moment', async () => {
  const { proxy, client, heard } = await echo()
  client.setNoDelay()
  let said = ''
  const say = async (): Promise<void> => {
    said += `${said.length};`
    client.write(said.slice(said.lastIndexOf(';', said.length - 2) + 1))
    // Repeats: the proxy meets the case by chance.
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
  }
  for (let round = 0; round < 100; round++) {
    proxy.delay(4)
    for (let at = 0; at < 3; at++) await say()
    proxy.delay(0)
    for (let at = 0; at < 3; at++) await say()
  }
  await waitFor('all echoes', () => heard().length === said.length)
  expect(heard()).toBe(said)
})

test('drops bytes during a silence, and resets connections at its end', async () => {
  const { proxy, client, heard } = await echo()
  client.write('a')
  await waitFor('an echo', () => heard() === 'a')
  proxy.silence()
  client.write('b')
  const closed = new Promise((resolve) => client.once('close', resolve))
  proxy.speak()
  await closed
  expect(heard()).toBe('a')
  await waitFor('the proxy to be empty', () => proxy.carrying === 0)
})
