import { expect, test } from 'vitest'
import { TestClient } from '../testing/client.ts'
import { settle } from '../testing/clock.ts'
import { startNodes } from '../testing/nodes.ts'

/** Found by `npm run simulate`, seed 203: the session of a connection that had gone stayed as long as its node. */
test('a connection that ends while its token is verified leaves no session behind', async () => {
  let verified = (): void => undefined
  const { node, bus } = await startNodes({
    tokens: {
      connection: async () => {
        await new Promise<void>((resolve) => {
          verified = resolve
        })
        return { user: 'ann' }
      },
      subscription: () => ({}),
    },
  })
  const ann = new TestClient(node)
  void ann.call('connect', { token: 'x' })
  await settle()
  ann.cut()
  verified()
  await settle()
  expect(bus.size.sessions).toBe(0)
  expect(node.stats()).toMatchObject({ clients: 0, users: 0 })
})
