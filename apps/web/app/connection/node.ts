/** The name of the node that serves this page's connection, from the last connect reply. */
import { createContext, useContext, useSyncExternalStore } from 'react'
import { socketWithNodeName } from './node-name.ts'

export interface NodeName {
  /** For the SDK's option `websocket`. */
  readonly socket: typeof WebSocket
  get(): string
  subscribe(listener: () => void): () => void
}

export function createNodeName(): NodeName {
  let name = ''
  const listeners = new Set<() => void>()
  return {
    socket: socketWithNodeName((next) => {
      name = next
      for (const listener of listeners) listener()
    }),
    get: () => name,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

export const NodeNameContext = createContext<NodeName | undefined>(undefined)

/** `''` until a node has replied. Throws without a provider of {@link NodeNameContext}. */
export function useNodeName(): string {
  const node = useContext(NodeNameContext)
  if (node === undefined) throw new Error('useNodeName needs a NodeNameContext provider above it')
  return useSyncExternalStore(node.subscribe, node.get)
}
