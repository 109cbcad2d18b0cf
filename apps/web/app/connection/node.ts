/** The name of the node that this page is connected to, as the last connect reply had it. */
import { useSyncExternalStore } from 'react'
import { socketThatTells } from './node-name.ts'

let name = ''
const listeners = new Set<() => void>()

/** For the SDK's option `websocket`. */
export const NamedSocket = socketThatTells((next) => {
  name = next
  for (const listener of listeners) listener()
})

export function useNodeName(): string {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    () => name,
  )
}
