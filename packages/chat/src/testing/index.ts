/** For tests of chat and of what stands beside it. */
export { Person } from './person.ts'
export { seeded } from './seeded.ts'
export { type StorageWorld, storageContract } from './storage-contract.ts'
export { startWorld, type World, type WorldOptions } from './world.ts'
