/**
 * The contract of every presence: the present connections, one join and one leave per user, and no ghosts.
 */
import type { ClientInfo } from '@skein/protocol'
import { describe, expect, test } from 'vitest'
import { waitFor } from '../wait.ts'
import { inWorld } from './suite.ts'
import { type ContractNode, envelope, freshChannel, info, type MakeWorld } from './world.ts'

/** Longer than a few calls. */
const GRACE = 600
/** Longer than the detection and reaping of a dead node. */
const LONG_GRACE = 3000
const UNKEPT = { historySize: 0, historyTtl: 0, metaTtl: 0 }

export function presenceContract(name: string, make: MakeWorld): void {
  describe(`presence contract: ${name}`, () => {
    const suite = inWorld(make)

    test('shows the connections of all nodes with their info on every node', async () => {
      const [a, b] = await suite.pair()
      const channel = freshChannel()
      const alice: ClientInfo = { ...info('alice', '1'), connInfo: '{"n":1}', chanInfo: '"\\n{}"' }
      await a.cluster.presence.add(channel, alice, false)
      await b.cluster.presence.add(channel, info('bob', '2'), false)
      for (const node of [a, b]) {
        expect(byClient(await node.cluster.presence.list(channel))).toEqual([alice, info('bob', '2')])
        expect(await node.cluster.presence.stats(channel)).toEqual({ clients: 2, users: 2 })
      }
      await a.cluster.presence.remove(channel, alice, false)
      expect(await b.cluster.presence.list(channel)).toEqual([info('bob', '2')])
      await b.cluster.presence.remove(channel, info('bob', '2'), false)
      expect(await a.cluster.presence.stats(channel)).toEqual({ clients: 0, users: 0 })
    })

    test('counts the same connection once, and its removal ends it', async () => {
      const [a, b] = await suite.pair()
      const channel = freshChannel()
      for (let round = 0; round < 3; round++) await a.cluster.presence.add(channel, info('alice', '1'), false)
      expect(await b.cluster.presence.stats(channel)).toEqual({ clients: 1, users: 1 })
      await a.cluster.presence.remove(channel, info('alice', '1'), false)
      await a.cluster.presence.remove(channel, info('alice', '1'), false)
      await a.cluster.presence.remove(channel, info('nobody', 'unknown'), false)
      expect(await b.cluster.presence.stats(channel)).toEqual({ clients: 0, users: 0 })
    })

    test('joins with the first connection of a user and leaves with the last, on any node', async () => {
      const [a, b] = await suite.pair()
      const channel = freshChannel()
      await a.cluster.broker.subscribe(channel)
      await a.cluster.presence.add(channel, info('alice', '1'), true)
      await b.cluster.presence.add(channel, info('alice', '2'), true)
      await a.cluster.presence.add(channel, info('alice', '1'), true)
      await a.cluster.presence.remove(channel, info('alice', '1'), true)
      await b.cluster.presence.remove(channel, info('alice', '2'), true)
      await b.cluster.presence.remove(channel, info('alice', '2'), true)
      await barrier(b, a, channel)
      expect(a.heard.joins).toEqual([{ channel, info: info('alice', '1') }])
      expect(a.heard.leaves).toEqual([{ channel, info: info('alice', '2') }])
    })

    test('reports the number of users on all nodes with each join and leave', async () => {
      const [a, b] = await suite.pair()
      const channel = freshChannel()
      await a.cluster.broker.subscribe(channel)
      for (const user of ['alice', 'bob', 'carol'])
        await b.cluster.presence.add(channel, info(user, user), true)
      await a.cluster.presence.add(channel, info('dave', '4'), true)
      await b.cluster.presence.remove(channel, info('bob', 'bob'), true)
      await b.cluster.presence.remove(channel, info('alice', 'alice'), true, GRACE)
      await suite.world.elapse(GRACE)
      await waitFor('the leave of who is missed', () => a.heard.leaves.length === 2)
      expect(a.heard.counts).toEqual([1, 2, 3, 4, 3, 2])
    })

    test('adds and removes unannounced connections without a join or leave', async () => {
      const [a, b] = await suite.pair()
      const channel = freshChannel()
      await a.cluster.broker.subscribe(channel)
      await b.cluster.presence.add(channel, info('alice', '1'), false)
      await b.cluster.presence.remove(channel, info('alice', '1'), false)
      await barrier(b, a, channel)
      expect([a.heard.joins, a.heard.leaves]).toEqual([[], []])
    })

    test('counts each connection without a user as a user', async () => {
      const [a, b] = await suite.pair()
      const channel = freshChannel()
      await a.cluster.broker.subscribe(channel)
      for (const client of ['1', '2']) await b.cluster.presence.add(channel, info('', client), true)
      expect(await a.cluster.presence.stats(channel)).toEqual({ clients: 2, users: 2 })
      await b.cluster.presence.remove(channel, info('', '1'), true)
      await b.cluster.presence.add(channel, info('"', '3'), true)
      await barrier(b, a, channel)
      expect(a.heard.joins.map((one) => one.info.client)).toEqual(['1', '2', '3'])
      expect(a.heard.leaves.map((one) => one.info.client)).toEqual(['1'])
    })

    test('routes a join on a personal channel to the nodes with sessions of the user', async () => {
      const [a, b] = await suite.pair()
      const user = freshChannel()
      const channel = `#${user}`
      const last = freshChannel()
      for (const node of [a, b]) await node.cluster.broker.subscribe(last)
      await a.cluster.sessions.add({ user, client: '1', connectedAt: 1 })
      await b.cluster.presence.add(channel, info(user, '9'), true)
      await b.cluster.presence.remove(channel, info(user, '9'), true)
      for (const node of [a, b]) await barrier(b, node, last)
      expect([a.heard.users('joins', channel), a.heard.users('leaves', channel)]).toEqual([[user], [user]])
      expect(b.heard.joins).toEqual([])
      await a.cluster.sessions.remove(user, '1')
    })

    test('keeps joins and leaves consistent with presence under concurrency', async () => {
      const [a, b] = await suite.pair()
      const channel = freshChannel()
      await a.cluster.broker.subscribe(channel)
      const stays = (at: number) => at % 3 === 0 && at >= 90
      const come = async (at: number): Promise<void> => {
        const { presence } = (at % 2 === 0 ? a : b).cluster
        const who = info(`user ${at % 12}`, `${at}`)
        await presence.add(channel, who, true)
        if (!stays(at)) await presence.remove(channel, who, true)
      }
      await Promise.all(Array.from({ length: 120 }, (_, at) => come(at)))
      await barrier(b, a, channel)
      const there = await b.cluster.presence.list(channel)
      expect(there).toHaveLength(10)
      for (let user = 0; user < 12; user++) {
        const named = `user ${user}`
        const came = a.heard.users('joins', channel).filter((one) => one === named).length
        const went = a.heard.users('leaves', channel).filter((one) => one === named).length
        expect(came - went).toBe(there.some((one) => one.user === named) ? 1 : 0)
      }
    })

    test('ignores a dead node, then publishes one leave per user whose last connection it held', async () => {
      const [a, b] = await suite.pair()
      const dead = await suite.world.start('dead')
      const channel = freshChannel()
      await a.cluster.broker.subscribe(channel)
      const add = (node: ContractNode, user: string, client: string, announce = true) =>
        node.cluster.presence.add(channel, info(user, client), announce)
      await add(dead, 'alice', 'd1')
      await add(b, 'alice', 'b1')
      for (const client of ['d2', 'd3', 'd4']) await add(dead, 'bob', client)
      await add(dead, 'carol', 'd5', false)
      for (let at = 0; at < 300; at++) await add(dead, `many ${at}`, `m${at}`)
      expect((await a.cluster.presence.stats(channel)).clients).toBe(306)
      await suite.world.kill(dead)
      for (const node of [a, b]) {
        await waitFor('readers to ignore the dead', async () => {
          return (await node.cluster.presence.list(channel)).length === 1
        })
      }
      expect(await a.cluster.presence.stats(channel)).toEqual({ clients: 1, users: 1 })
      await waitFor('the reaping', () => a.heard.leaves.length >= 301)
      await b.cluster.presence.remove(channel, info('alice', 'b1'), true)
      await waitFor('the last leave', () => a.heard.users('leaves', channel).includes('alice'))
      const leaves = a.heard.users('leaves', channel)
      expect(leaves.filter((user) => user === 'bob')).toHaveLength(1)
      expect(leaves.filter((user) => user === 'alice')).toHaveLength(1)
      expect(leaves).not.toContain('carol')
      expect(new Set(leaves).size).toBe(leaves.length)
      expect(leaves).toHaveLength(302)
    })

    test('publishes nothing for a user that reconnects to another node within the grace period', async () => {
      const [a, b] = await suite.pair()
      const channel = freshChannel()
      await a.cluster.broker.subscribe(channel)
      await b.cluster.presence.add(channel, info('alice', '1'), true, GRACE)
      await b.cluster.presence.remove(channel, info('alice', '1'), true, GRACE)
      expect(await a.cluster.presence.list(channel)).toEqual([])
      expect(await a.cluster.presence.stats(channel)).toEqual({ clients: 0, users: 0 })
      const missed = await a.cluster.presence.list(channel, true)
      expect(missed).toEqual([{ ...info('alice', '1'), suspected: true }])
      expect(await a.cluster.presence.stats(channel, true)).toEqual({ clients: 1, users: 1 })
      await a.cluster.presence.add(channel, info('alice', '2'), true, GRACE)
      expect(await b.cluster.presence.list(channel, true)).toEqual([info('alice', '2')])
      await suite.world.elapse(2 * GRACE)
      await barrier(b, a, channel)
      expect([a.heard.users('joins', channel), a.heard.leaves]).toEqual([['alice'], []])
      expect(await b.cluster.presence.stats(channel, true)).toEqual({ clients: 1, users: 1 })
      await a.cluster.presence.remove(channel, info('alice', '2'), true)
      await barrier(b, a, channel)
      expect(a.heard.users('leaves', channel)).toEqual(['alice'])
    })

    test('publishes one leave for each user that does not reconnect within the grace period', async () => {
      const [a, b] = await suite.pair()
      const channel = freshChannel()
      await a.cluster.broker.subscribe(channel)
      const lose = (node: ContractNode, user: string, client: string) =>
        node.cluster.presence.remove(channel, info(user, client), true, GRACE)
      for (const client of ['1', '2']) await b.cluster.presence.add(channel, info('alice', client), true)
      await a.cluster.presence.add(channel, info('alice', '3'), true)
      await b.cluster.presence.add(channel, info('bob', '4'), true)
      for (const [user, client] of [
        ['alice', '1'],
        ['alice', '2'],
        ['bob', '4'],
      ] as const) {
        await lose(b, user, client)
      }
      expect(await a.cluster.presence.stats(channel, true)).toEqual({ clients: 2, users: 2 })
      await lose(a, 'alice', '3')
      await barrier(b, a, channel)
      expect(a.heard.leaves).toEqual([])
      await suite.world.elapse(GRACE)
      await waitFor('both leaves', () => a.heard.leaves.length === 2)
      expect(a.heard.users('leaves', channel).sort()).toEqual(['alice', 'bob'])
      expect(await a.cluster.presence.stats(channel, true)).toEqual({ clients: 0, users: 0 })
      await b.cluster.presence.add(channel, info('alice', '5'), true)
      await barrier(b, a, channel)
      expect(a.heard.users('joins', channel)).toEqual(['alice', 'bob', 'alice'])
    })

    test('suspects the users of a dead node, and publishes no leave for one that reconnects within the grace period', async () => {
      const [a, b] = await suite.pair()
      const dead = await suite.world.start('dead')
      const channel = freshChannel()
      await a.cluster.broker.subscribe(channel)
      const names = Array.from({ length: 30 }, (_, at) => `user ${at}`)
      for (const name of names) await dead.cluster.presence.add(channel, info(name, name), true, LONG_GRACE)
      await dead.cluster.presence.add(channel, info('at once', 'x'), true)
      // The node that counts this grace period is about to die.
      await dead.cluster.presence.remove(channel, info('user 0', 'user 0'), true, LONG_GRACE)
      await suite.world.kill(dead)
      await waitFor('readers to ignore the dead', async () => {
        return (await b.cluster.presence.list(channel)).length === 0
      })
      expect(await b.cluster.presence.stats(channel, true)).toEqual({ clients: 30, users: 30 })
      await waitFor('the reaping', () => a.heard.leaves.length > 0)
      expect(a.heard.users('leaves', channel)).toEqual(['at once'])
      const suspected = await b.cluster.presence.list(channel, true)
      expect(suspected.filter((entry) => entry.suspected === true)).toHaveLength(30)
      for (const name of names.slice(20)) {
        await b.cluster.presence.add(channel, info(name, `${name} again`), true, LONG_GRACE)
      }
      await suite.world.elapse(LONG_GRACE)
      await waitFor('the leaves', () => a.heard.leaves.length === 21)
      expect(new Set(a.heard.users('leaves', channel))).toEqual(new Set(['at once', ...names.slice(0, 20)]))
      expect(a.heard.joins).toHaveLength(31)
      expect(await a.cluster.presence.stats(channel, true)).toEqual({ clients: 10, users: 10 })
    })

    test('continues a grace period when the node that counts it leaves', async () => {
      const [a] = await suite.pair()
      const going = await suite.world.start('going')
      const channel = freshChannel()
      await a.cluster.broker.subscribe(channel)
      await going.cluster.presence.add(channel, info('alice', '1'), true)
      await going.cluster.presence.remove(channel, info('alice', '1'), true, GRACE)
      await going.cluster.membership.leave()
      await going.cluster.close()
      expect(await a.cluster.presence.stats(channel, true)).toEqual({ clients: 1, users: 1 })
      expect(a.heard.leaves).toEqual([])
      await suite.world.elapse(GRACE)
      await waitFor('the leave', () => a.heard.users('leaves', channel).length === 1)
    })

    test('removes the connections of a node that leaves at once', async () => {
      const [a] = await suite.pair()
      const going = await suite.world.start('going')
      const channel = freshChannel()
      await a.cluster.broker.subscribe(channel)
      await going.cluster.presence.add(channel, info('alice', '1'), true)
      await going.cluster.membership.leave()
      expect(await a.cluster.presence.list(channel)).toEqual([])
      await waitFor('the leave', () => a.heard.users('leaves', channel).length === 1)
      await going.cluster.close()
    })
  })
}

/** Resolves when every message that `from` has sent reached `to`. */
async function barrier(from: ContractNode, to: ContractNode, channel: string): Promise<void> {
  const before = to.heard.envelopes(channel).length
  await from.cluster.broker.publish(channel, envelope('barrier'), UNKEPT)
  await waitFor('the barrier', () => to.heard.envelopes(channel).length > before)
}

function byClient(infos: readonly ClientInfo[]): ClientInfo[] {
  return [...infos].sort((one, other) => one.client.localeCompare(other.client))
}
