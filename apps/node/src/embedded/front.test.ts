import { createMemoryBus } from '@skein/core'
import { expect, it, onTestFinished } from 'vitest'
import { openSocket, startTestNode } from '../testing/node.ts'
import { startFront } from './front.ts'

it('one address serves the nodes of one process round-robin, and they are one cluster', async () => {
  const bus = createMemoryBus()
  const options = { bus, listen: false, env: { SKEIN_DEMO: 'true' } }
  const nodes = [await startTestNode(options), await startTestNode(options), await startTestNode(options)]
  const front = await startFront(nodes, { host: '127.0.0.1', port: 0 })
  onTestFinished(() => front.close())
  const wsUrl = `${front.url.replace('http', 'ws')}/connection/websocket`

  const clients = [await openSocket(wsUrl), await openSocket(wsUrl), await openSocket(wsUrl)]
  expect(nodes.map(({ node }) => node.stats().clients)).toEqual([1, 1, 1])

  for (const client of clients) {
    client.send({ id: 1, connect: { token: nodes[0]?.token() } }, { id: 2, subscribe: { channel: 'feed:a' } })
    expect(await client.next()).toMatchObject({ id: 1, connect: {} })
    expect(await client.next()).toMatchObject({ id: 2, subscribe: {} })
  }
  await nodes[0]?.api('publish', { channel: 'feed:a', data: 'to all' })
  for (const client of clients) {
    expect(await client.next()).toMatchObject({ push: { pub: { data: 'to all' } } })
  }
  expect((await fetch(`${front.url}/`)).status).toBe(200)
  expect(nodes.map(({ publicUrl }) => publicUrl)).toEqual([undefined, undefined, undefined])
})

it('rejects if the port is in use', async () => {
  const first = await startFront([], { host: '127.0.0.1', port: 0 })
  onTestFinished(() => first.close())
  const { port } = new URL(first.url)
  await expect(startFront([], { host: '127.0.0.1', port: Number(port) })).rejects.toThrow(/EADDRINUSE/)
})
