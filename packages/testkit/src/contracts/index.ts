/** One contract suite per port: every implementation passes the same. Only vitest files import this. */
import { brokerContract } from './broker.ts'
import { controlContract } from './control.ts'
import { membershipContract } from './membership.ts'
import { presenceContract } from './presence.ts'
import { sessionContract } from './sessions.ts'
import { streamContract } from './streams.ts'
import type { MakeWorld } from './world.ts'

export { type ContractNode, enter, envelope, Heard, info, join, type MakeWorld, type World } from './world.ts'

export {
  brokerContract,
  controlContract,
  membershipContract,
  presenceContract,
  sessionContract,
  streamContract,
}

/** All of them. */
export function portContracts(name: string, make: MakeWorld): void {
  brokerContract(name, make)
  streamContract(name, make)
  presenceContract(name, make)
  sessionContract(name, make)
  membershipContract(name, make)
  controlContract(name, make)
}
