/** The contract of every session store. */
import { describe, expect, test } from 'vitest'
import { waitFor } from '../wait.ts'
import { inWorld } from './suite.ts'
import { freshChannel, type MakeWorld } from './world.ts'

export function sessionContract(name: string, make: MakeWorld): void {
  describe(`session contract: ${name}`, () => {
    const suite = inWorld(make)

    test('finds a session by its user from any node, with all fields', async () => {
      const [a, b] = await suite.pair()
      const user = `é}${freshChannel()}`
      const first = { user, client: '1', connectedAt: 1000, meta: { address: '192.0.2.1', agent: 'x "y"' } }
      await a.cluster.sessions.add(first)
      await b.cluster.sessions.add({ user, client: '2', connectedAt: 2000 })
      const expected = [
        { ...first, node: a.cluster.membership.uid },
        { user, client: '2', connectedAt: 2000, node: b.cluster.membership.uid },
      ]
      for (const node of [a, b]) {
        const found = [...(await node.cluster.sessions.list(user))]
        expect(found.sort((one, other) => one.connectedAt - other.connectedAt)).toEqual(expected)
      }
      await a.cluster.sessions.remove(user, '1')
      expect(await b.cluster.sessions.list(user)).toEqual([expected[1]])
      await b.cluster.sessions.remove(user, '2')
      await b.cluster.sessions.remove(user, 'unknown')
      expect(await a.cluster.sessions.list(user)).toEqual([])
    })

    test('replaces a session that is added again', async () => {
      const [a, b] = await suite.pair()
      const user = freshChannel()
      for (const connectedAt of [1, 2]) await a.cluster.sessions.add({ user, client: '1', connectedAt })
      expect(await b.cluster.sessions.list(user)).toMatchObject([{ client: '1', connectedAt: 2 }])
    })

    test('stores and removes many sessions at once', async () => {
      const [a, b] = await suite.pair()
      const user = freshChannel()
      const clients = Array.from({ length: 500 }, (_, at) => `${at}`)
      const add = (client: string) => a.cluster.sessions.add({ user, client, connectedAt: 1 })
      await Promise.all(clients.map(add))
      expect(await b.cluster.sessions.list(user)).toHaveLength(500)
      await Promise.all(clients.map((client) => a.cluster.sessions.remove(user, client)))
      expect(await b.cluster.sessions.list(user)).toEqual([])
    })

    test('ignores sessions of a dead node, then removes them', async () => {
      const [a, b] = await suite.pair()
      const dead = await suite.world.start('dead')
      const user = freshChannel()
      await a.cluster.sessions.add({ user, client: 'a', connectedAt: 1 })
      for (let at = 0; at < 700; at++) {
        await dead.cluster.sessions.add({ user, client: `d${at}`, connectedAt: 1 })
      }
      expect(await b.cluster.sessions.list(user)).toHaveLength(701)
      const before = (await suite.world.remains()).length
      await suite.world.kill(dead)
      await waitFor('readers to ignore the dead', async () => {
        return (await b.cluster.sessions.list(user)).length === 1
      })
      await waitFor('the reaping', async () => (await suite.world.remains()).length < before)
      expect(await a.cluster.sessions.list(user)).toMatchObject([{ client: 'a' }])
    })
  })
}
