/** The embedded broker: all ports within one process. */
export { createMemoryBus, type MemoryBus } from './bus.ts'
export { createMemoryCluster, type MemoryClusterOptions } from './cluster.ts'
export type { Delivery } from './delivery.ts'
