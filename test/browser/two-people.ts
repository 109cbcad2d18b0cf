/** The scene of most tests: two people on different nodes, in a room of their own. */
import { randomUUID } from 'node:crypto'
import type { TestCluster } from '@skein/testkit'
import type { Browser } from 'playwright-core'
import { Visitor, type VisitorOptions } from './visitor.ts'

/** Settings of nodes that serve the demo page. */
export const DEMO = { SKEIN_ENV: 'development', SKEIN_DEMO: 'true' } as const

export const freshRoom = (): string => `r-${randomUUID()}`

/** Ada on the first node, Bob on the second, both in a new room. The options are for Ada's window. */
export async function twoPeople(
  browser: Browser,
  cluster: TestCluster,
  options?: VisitorOptions,
): Promise<[Visitor, Visitor, string]> {
  const room = freshRoom()
  const ada = await Visitor.enter(browser, `${cluster.node(0).publicUrl}/`, 'Ada', room, options)
  const bob = await Visitor.enter(browser, `${cluster.node(1).publicUrl}/`, 'Bob', room)
  return [ada, bob, room]
}
