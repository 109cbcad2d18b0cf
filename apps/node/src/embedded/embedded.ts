/** Clusters for several nodes of one process, which share its memory: for `skein up --embedded`. */
import { type Cluster, createMemoryBus, createMemoryCluster, systemClock } from '@skein/core'
import { shareChatStorage } from '../chat/chat.ts'

/** One cluster for each name, for `startNode`. */
export function createEmbeddedClusters(names: readonly string[]): Cluster[] {
  const bus = createMemoryBus()
  const clusters = names.map((name) => createMemoryCluster(bus, { name, clock: systemClock }))
  shareChatStorage(clusters)
  return clusters
}
