/** One world per suite, nodes of it per test. */

import type { Cluster } from '@skein/core'
import { afterAll, beforeAll, onTestFinished } from 'vitest'
import { waitFor } from '../wait.ts'
import type { ContractNode, MakeWorld, World } from './world.ts'

export interface Suite {
  readonly world: World
  /** Nodes that leave at the end of the test. */
  start(...names: string[]): Promise<ContractNode[]>
  /** Two of them. */
  pair(): Promise<[ContractNode, ContractNode]>
}

export function inWorld(make: MakeWorld): Suite {
  let world: World | undefined
  beforeAll(async () => {
    world = await make()
  })
  afterAll(async () => await world?.stop())
  const there = (): World => {
    if (world === undefined) throw new Error('the world was not made')
    return world
  }
  const start = async (...names: string[]): Promise<ContractNode[]> => {
    const nodes = await Promise.all(names.map((name) => there().start(name)))
    onTestFinished(async () => {
      await Promise.all(nodes.map(({ cluster }) => left(cluster).finally(() => cluster.close())))
    })
    return nodes
  }
  return {
    get world() {
      return there()
    },
    start,
    pair: async () => {
      const [a, b] = await start('a', 'b')
      if (a === undefined || b === undefined) throw new Error('two nodes were asked for')
      return [a, b]
    },
  }
}

/** A test may end while its store comes back: then the first attempt to leave is rejected. */
async function left({ membership }: Cluster): Promise<void> {
  await waitFor('a node to leave', () => membership.leave().then(() => true))
}
