/** Helpers for tests of chat and of its storage implementations. */
export { type Fault, faulty, Killed } from './fault.ts'
export { DEVICES, ModelRun, type ModelWorld, NODES, type Op, operation } from './model.ts'
export { Person, type PersonClock } from './person.ts'
export { seeded } from './seeded.ts'
export { type StorageWorld, storageContract } from './storage-contract.ts'
export { startWorld, type World, type WorldOptions } from './world.ts'
