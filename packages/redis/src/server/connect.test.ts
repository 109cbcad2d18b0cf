import { type AddressInfo, createServer } from 'node:net'
import { waitFor } from '@skein/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { connect, reconnect } from './connect.ts'
import { resolveSettings } from './settings.ts'

/** Found by `npm run chaos`, sentinel-lag: a node that was told of the new primary while it searched never came back. */
test('a connection that is looking for its primary goes on looking when it is told of another one', async () => {
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
  await waitFor('a question', () => asked > 0)
  expect(client.status).toBe('connecting')
  reconnect(client)
  const before = asked
  await waitFor('more questions', () => asked > before + 1, 3000)
  expect(client.status).toBe('connecting')
})
