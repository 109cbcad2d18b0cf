/** The contract of every control channel. */
import type { ControlMessage } from '@skein/core'
import { describe, expect, test } from 'vitest'
import { waitFor } from '../wait.ts'
import { inWorld } from './suite.ts'
import type { MakeWorld } from './world.ts'

export function controlContract(name: string, make: MakeWorld): void {
  describe(`control contract: ${name}`, () => {
    const suite = inWorld(make)

    test('delivers a message to every node, the sender included, in order', async () => {
      const nodes = await suite.start('a', 'b', 'c')
      const [sender] = nodes
      const orders: ControlMessage[] = Array.from({ length: 20 }, (_, at) => ({
        op: 'disconnect',
        user: `é ${at}`,
        code: 3500,
        reason: 'because',
        whitelist: ['x'],
      }))
      for (const order of orders) await sender?.cluster.control.send(order)
      for (const node of nodes) {
        await waitFor('all orders', () => node.heard.orders.length === orders.length)
        expect(node.heard.orders).toEqual(orders)
      }
    })
  })
}
