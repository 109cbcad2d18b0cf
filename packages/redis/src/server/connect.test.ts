import { type AddressInfo, createServer } from 'node:net'
import { waitFor } from '@skein/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { connect, reconnect } from './connect.ts'
import { resolveSettings } from './settings.ts'

/**
 * Found by `npm run chaos`, scenario sentinel-lag: a node that was notified of a failover during the search
 * never reconnected.
 */
test('a connection that searches its primary continues when a failover is reported', async () => {
  let asked = 0
  const sentinel = createServer((socket) => {
    asked += 1
    socket.destroy()
  })
  await new Promise<void>((resolve) => sentinel.listen(0, '127.0.0.1', resolve))
  const { port } = sentinel.address() as AddressInfo
  const settings = resolveSettings({ url: `redis+sentinel://127.0.0.1:${port}/main`, name: 'test' })
  const client = connect(settings, 'commands')
  onTestFinished(() => {
    client.disconnect()
    sentinel.close()
  })
  await waitFor('a request', () => asked > 0)
  expect(client.status).toBe('connecting')
  reconnect(client)
  const before = asked
  await waitFor('more requests', () => asked > before + 1, 3000)
  expect(client.status).toBe('connecting')
})
