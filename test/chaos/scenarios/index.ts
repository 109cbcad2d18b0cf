import type { Scenario } from '../scenario.ts'
import { flapping } from './flapping.ts'
import { nodeKill, nodePause } from './node-faults.ts'

/** All scenarios, in the order in which they run. */
export const SCENARIOS: readonly Scenario[] = [flapping, nodeKill, nodePause]
