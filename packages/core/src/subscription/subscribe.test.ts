import { expect, test } from 'vitest'
import { connected } from '../testing/client.ts'
import { settle } from '../testing/clock.ts'
import { startNodes } from '../testing/nodes.ts'

/** Found by `npm run simulate`, seed 5292: a subscription without a connection. */
test('a connection that ends while a subscription is authorized leaves no entry behind', async () => {
  let decide = (): void => undefined
  const { node, bus } = await startNodes({
    hooks: {
      onSubscribe: async () => {
        await new Promise<void>((resolve) => {
          decide = resolve
        })
        return {}
      },
    },
  })
  const ann = await connected(node, 'ann')
  void ann.call('subscribe', { channel: 'room:a' })
  await settle()
  ann.cut()
  decide()
  await settle()
  expect(node.stats()).toMatchObject({ clients: 0, subs: 0, channels: 0 })
  expect(bus.size).toMatchObject({ presence: 0, sessions: 0 })
})
