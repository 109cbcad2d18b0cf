/** The contract of every membership: live nodes, and the end of an incarnation. */
import { describe, expect, test } from 'vitest'
import { waitFor } from '../wait.ts'
import { inWorld } from './suite.ts'
import { envelope, freshChannel, info, join, type MakeWorld } from './world.ts'

export function membershipContract(name: string, make: MakeWorld): void {
  describe(`membership contract: ${name}`, () => {
    const suite = inWorld(make)

    test('lists each node until it leaves', async () => {
      const [a, b] = await suite.pair()
      const names = async () => (await a.cluster.membership.nodes()).map((node) => node.name).sort()
      await waitFor('both nodes', async () => (await names()).join() === 'a,b')
      expect(a.cluster.membership.uid).not.toBe(b.cluster.membership.uid)
      await b.cluster.membership.leave()
      await waitFor('one node', async () => (await names()).join() === 'a')
    })

    test('shows the others a node that joins or leaves at once', async () => {
      const [a] = await suite.pair()
      const names = async () => (await a.cluster.membership.nodes()).map((node) => node.name)
      expect(await names()).not.toContain('late')
      const late = await suite.world.start('late')
      expect(await names()).toContain('late')
      await late.cluster.membership.leave()
      expect(await names()).not.toContain('late')
    })

    test('does not list a dead node', async () => {
      const [a] = await suite.pair()
      const dead = await suite.world.start('dead')
      const has = async () => (await a.cluster.membership.nodes()).some((node) => node.name === 'dead')
      await waitFor('the node', has)
      await suite.world.kill(dead)
      await waitFor('its end', async () => !(await has()))
    })

    test('ends the incarnation of a paused node once, and lets the node begin another', async () => {
      const [a, b] = await suite.pair()
      const channel = freshChannel()
      await a.cluster.broker.subscribe(channel)
      await b.cluster.presence.add(channel, info('alice', '1'), true)
      await b.cluster.sessions.add({ user: 'alice', client: '1', connectedAt: 1 })
      const before = b.cluster.membership.uid
      suite.world.pause(b)
      await waitFor('the leave', () => a.heard.leaves.length === 1)
      suite.world.resume(b)
      await waitFor('the node to hear of it', () => b.heard.lost === 1)
      await expect(b.cluster.presence.add(channel, info('alice', '1'), true)).rejects.toThrow(/over/)
      await expect(b.cluster.sessions.add({ user: 'alice', client: '1', connectedAt: 1 })).rejects.toThrow(
        /over/,
      )
      expect(await a.cluster.presence.list(channel)).toEqual([])

      await join(b)
      expect(b.cluster.membership.uid).not.toBe(before)
      await b.cluster.presence.add(channel, info('alice', '2'), true)
      await b.cluster.sessions.add({ user: 'alice', client: '2', connectedAt: 1 })
      expect(await a.cluster.presence.list(channel)).toEqual([info('alice', '2')])
      await a.cluster.broker.publish('#alice', envelope('hello'), {
        historySize: 0,
        historyTtl: 0,
        metaTtl: 0,
      })
      await waitFor('the personal publication', () => b.heard.envelopes('#alice').length === 1)
      expect(b.heard.lost).toBe(1)
      await b.cluster.sessions.remove('alice', '2')
    })

    test('keeps nothing when every node has left', async () => {
      const [a, b] = [await suite.world.start('a'), await suite.world.start('b')]
      const dead = await suite.world.start('dead')
      for (const [at, node] of [a, b, dead].entries()) {
        const { broker, presence, sessions } = node.cluster
        for (let room = 0; room < 5; room++) {
          await presence.add(`room:left${room}`, info(`user ${at}`, `${at}`), true)
        }
        await sessions.add({ user: 'everybody', client: `${at}`, connectedAt: 1 })
        await broker.subscribe('room:left1')
        await broker.publish('room:left1', envelope(at), {
          historySize: 10,
          historyTtl: 60,
          metaTtl: 120,
          idempotencyKey: `${at}`,
        })
      }
      expect(await suite.world.remains()).not.toEqual([])
      await b.cluster.presence.remove('room:left1', info('user 1', '1'), true)
      await b.cluster.sessions.remove('everybody', '1')
      await suite.world.kill(dead)
      await waitFor('the dead to be reaped', () => a.heard.users('leaves', 'room:left1').includes('user 2'))
      await b.cluster.membership.leave()
      await b.cluster.close()
      await waitFor('only one to be left', async () => (await a.cluster.membership.nodes()).length === 1)
      await a.cluster.membership.leave()
      await a.cluster.close()
      await waitFor('nothing to be left', async () => (await suite.world.remains()).length === 0)
    })
  })
}
