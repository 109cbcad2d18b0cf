/** The contract of the storage ports, run against every implementation. */
import { describe } from 'vitest'
import { amendmentsContract } from './contract/amendments.ts'
import { conversationsContract } from './contract/conversations.ts'
import { cursorsContract } from './contract/cursors.ts'
import { deadLettersContract } from './contract/dead-letters.ts'
import { eventsContract } from './contract/events.ts'
import { ledgerContract } from './contract/ledger.ts'
import { peopleContract } from './contract/people.ts'
import { ratesContract } from './contract/rates.ts'
import { roomsContract } from './contract/rooms.ts'
import { tasksContract } from './contract/tasks.ts'
import { type StorageWorld, worldOfEachTest } from './contract/world.ts'

export type { StorageWorld } from './contract/world.ts'

export function storageContract(name: string, start: () => Promise<StorageWorld>): void {
  describe(`chat storage: ${name}`, () => {
    const world = worldOfEachTest(start)
    ledgerContract(world)
    amendmentsContract(world)
    roomsContract(world)
    conversationsContract(world)
    cursorsContract(world)
    peopleContract(world)
    ratesContract(world)
    tasksContract(world)
    eventsContract(world)
    deadLettersContract(world)
  })
}
